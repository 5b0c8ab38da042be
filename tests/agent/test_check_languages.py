"""What is decided of a draft in another language, and what is not: one draft a line, with the reason of a refusal."""

from decimal import Decimal

import pytest

from agent.check import check_draft, check_option
from agent.check.foreign import in_another_language
from tests.agent.scripted import evidence
from tests.agent.test_check import (
    A1C,
    ABOVE,
    AGE,
    CHANGE,
    COUNT,
    DIABETES,
    GLUCOSE,
    GOUT,
    INR,
    METFORMIN,
    MUTATED,
    NOT_ABOVE,
    RECORD,
    REFUSED,
    SUPPORTED,
    _changed_digits,
    _written,
)
from tools.calls.evidence import Evidence, Fact

EVIDENCE: dict[str, tuple[Evidence, ...]] = {
    "a1c": (A1C,),
    "glucose": (GLUCOSE,),
    "both": (A1C, GLUCOSE),
    "change": (CHANGE,),
    "count": (COUNT,),
    "above 7": (ABOVE,),
    "not above 9": (NOT_ABOVE,),
    "diabetes": (DIABETES,),
    "metformin": (METFORMIN,),
    "no INR": (INR,),
    "no gout": (GOUT,),
    "age": (AGE,),
}
QUESTIONS = {
    "de": "Wie hoch ist der Wert?",
    "fr": "Quelle est la valeur ?",
    "es": "¿Cuál es el valor?",
    "it": "Qual è il valore?",
    "pt": "Qual é o valor do registo?",
    "nl": "Wat is de waarde?",
    "pl": "Jaki jest wynik?",
    "sv": "Vad är värdet?",
}
# what was asked of the record | the draft, " // " for a new line
SUPPORTED_DRAFTS = {
    "de": """
a1c | Der letzte HbA1c-Wert war 6,4 % am 4. Dezember 2020 [Observation/a1c].
a1c | Das letzte HbA1c betrug 6.4 % (04.12.2020) [Observation/a1c].
glucose | Die Glukose lag bei 92,4 mg/dL [Observation/glucose].
both | Der HbA1c-Wert war 6,4 % [Observation/a1c] und die Glukose 92,37 mg/dL [Observation/glucose].
change | Das HbA1c ist um 0,7 % gefallen, von 7,1 % [Observation/a1c-old] auf 6,4 % [Observation/a1c].
count | Es gibt zwei Messungen, die erste im November 2019 [Observation/a1c-old].
above 7 | Ja, das HbA1c war 7,1 % am 02.11.2019, über 7 % [Observation/a1c-old].
not above 9 | Nein. Das HbA1c von 7,1 % ist dokumentiert [Observation/a1c-old].
diabetes | Ja: Diabetes mellitus Typ 2 seit dem 24. Mai 2010, aktiv [Condition/diabetes].
metformin | Sie nimmt seit Juni 2010 Metformin 500 mg [MedicationRequest/metformin].
no INR | Zum INR gibt es keinen Eintrag.
no gout | Nein, gout ist nicht dokumentiert (2 Diagnosen durchsucht).
age | Die Patientin ist 73 Jahre alt [Patient/anna].
""",
    "fr": """
a1c | La dernière HbA1c était de 6,4 % le 4 décembre 2020 [Observation/a1c].
a1c | La dernière valeur d’hémoglobine glyquée est de 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glycémie était de 92,4 mg/dL [Observation/glucose].
both | L'HbA1c était de 6,4 % [Observation/a1c] et la glycémie de 92,37 mg/dL [Observation/glucose].
change | L'HbA1c a diminué de 0,7 %, de 7,1 % [Observation/a1c-old] à 6,4 % [Observation/a1c].
count | Il y a deux mesures, la première en novembre 2019 [Observation/a1c-old].
above 7 | Oui, l'HbA1c était de 7,1 % le 2 novembre 2019, supérieure à 7 % [Observation/a1c-old].
not above 9 | Non. L'HbA1c de 7,1 % est enregistrée [Observation/a1c-old].
diabetes | Oui : Diabetes mellitus type 2 depuis le 24 mai 2010, actif [Condition/diabetes].
metformin | Elle prend metformin 500 mg depuis juin 2010 [MedicationRequest/metformin].
no INR | Il n'y a aucun INR dans le dossier.
no gout | Non, gout n'est pas documentée (2 diagnostics examinés).
age | La patiente est âgée de 73 ans [Patient/anna].
""",
    "es": """
a1c | La última HbA1c fue de 6,4 % el 4 de diciembre de 2020 [Observation/a1c].
a1c | La hemoglobina glicosilada más reciente es de 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glucosa fue de 92,4 mg/dL [Observation/glucose].
both | La HbA1c fue de 6,4 % [Observation/a1c] y la glucosa de 92,37 mg/dL [Observation/glucose].
change | La HbA1c disminuyó 0,7 %, de 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Hay dos mediciones, la primera en noviembre de 2019 [Observation/a1c-old].
above 7 | Sí, la HbA1c fue de 7,1 % el 2 de noviembre de 2019, por encima de 7 % [Observation/a1c-old].
not above 9 | No. La HbA1c de 7,1 % está registrada [Observation/a1c-old].
diabetes | Sí: Diabetes mellitus tipo 2 desde el 24 de mayo de 2010, activa [Condition/diabetes].
metformin | Toma metformin 500 mg desde junio de 2010 [MedicationRequest/metformin].
no INR | No hay ningún INR en el registro.
no gout | No, no consta gout (2 diagnósticos revisados).
age | La paciente tiene 73 años de edad [Patient/anna].
""",
    "it": """
a1c | L'ultima HbA1c era 6,4 % il 4 dicembre 2020 [Observation/a1c].
a1c | L’emoglobina glicata più recente è 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glicemia era di 92,4 mg/dL [Observation/glucose].
both | L'HbA1c era 6,4 % [Observation/a1c] e la glicemia 92,37 mg/dL [Observation/glucose].
change | L'HbA1c è diminuita di 0,7 %, da 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Ci sono due misurazioni, la prima nel novembre 2019 [Observation/a1c-old].
above 7 | Sì, l'HbA1c era 7,1 % il 2 novembre 2019, sopra 7 % [Observation/a1c-old].
not above 9 | No. L'HbA1c di 7,1 % è registrata [Observation/a1c-old].
diabetes | Sì: Diabetes mellitus tipo 2 dal 24 maggio 2010, attivo [Condition/diabetes].
metformin | Prende metformin 500 mg dal giugno 2010 [MedicationRequest/metformin].
no INR | Non risulta nessun INR nella cartella clinica.
no gout | No, gout non è documentata (2 diagnosi esaminate).
age | La paziente ha 73 anni [Patient/anna].
""",
    "pt": """
a1c | A última HbA1c foi de 6,4 % em 4 de dezembro de 2020 [Observation/a1c].
a1c | A hemoglobina glicada mais recente é de 6.4 % (04/12/2020) [Observation/a1c].
glucose | A glicose foi de 92,4 mg/dL [Observation/glucose].
both | A HbA1c foi de 6,4 % [Observation/a1c] e a glicose de 92,37 mg/dL [Observation/glucose].
change | A HbA1c diminuiu 0,7 %, de 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Há duas medições, a primeira em novembro de 2019 [Observation/a1c-old].
above 7 | Sim, a HbA1c foi de 7,1 % em 2 de novembro de 2019, acima de 7 % [Observation/a1c-old].
not above 9 | Não. A HbA1c de 7,1 % está registrada [Observation/a1c-old].
diabetes | Sim: Diabetes mellitus tipo 2 desde 24 de maio de 2010, ativo [Condition/diabetes].
metformin | Ela toma metformin 500 mg desde junho de 2010 [MedicationRequest/metformin].
no INR | Não há nenhum INR no registro.
no gout | Não, não consta gout (2 diagnósticos examinados).
age | A paciente tem 73 anos [Patient/anna].
""",
    "nl": """
a1c | De laatste HbA1c was 6,4 % op 4 december 2020 [Observation/a1c].
a1c | De meest recente HbA1c is 6.4 % (04-12-2020) [Observation/a1c].
glucose | De glucose was 92,4 mg/dL bij deze patiënt [Observation/glucose].
both | De HbA1c was 6,4 % [Observation/a1c] en de glucose 92,37 mg/dL [Observation/glucose].
change | De HbA1c is met 0,7 % gedaald, van 7,1 % [Observation/a1c-old] naar 6,4 % [Observation/a1c].
count | Er zijn twee metingen, de eerste in november 2019 [Observation/a1c-old].
above 7 | Ja, de HbA1c was 7,1 % op 2 november 2019, boven 7 % [Observation/a1c-old].
not above 9 | Nee. De HbA1c van 7,1 % is vastgelegd [Observation/a1c-old].
diabetes | Ja: Diabetes mellitus type 2 sinds 24 mei 2010, actief [Condition/diabetes].
metformin | Zij gebruikt sinds juni 2010 metformin 500 mg [MedicationRequest/metformin].
no INR | Er is geen INR vastgelegd in het dossier.
no gout | Nee, gout is niet vastgelegd (2 diagnoses doorzocht).
age | De patiënt is 73 jaar oud [Patient/anna].
""",
    "pl": """
a1c | Ostatni wynik HbA1c wynosił 6,4 % i pochodzi z 4 grudnia 2020 [Observation/a1c].
a1c | Ostatnia hemoglobina glikowana jest równa 6.4 % (04.12.2020) [Observation/a1c].
glucose | Glukoza była na poziomie 92,4 mg/dL [Observation/glucose].
both | HbA1c wynosił 6,4 % [Observation/a1c] oraz glukoza 92,37 mg/dL [Observation/glucose].
count | Są dwa pomiary, pierwszy z listopada 2019 roku [Observation/a1c-old].
diabetes | Tak: Diabetes mellitus typu 2 od 24 maja 2010 [Condition/diabetes].
metformin | Pacjentka przyjmuje metforminę 500 mg od czerwca 2010 roku [MedicationRequest/metformin].
no INR | Brak wyniku INR w dokumentacji.
no gout | Nie, gout nie jest odnotowana.
no gout | Nie.
age | Pacjentka ma 73 lata [Patient/anna].
""",
    "sv": """
a1c | Det senaste HbA1c-värdet var 6,4 % den 4 december 2020 [Observation/a1c].
a1c | HbA1c är 6.4 % (2020-12-04) och det senaste värdet [Observation/a1c].
glucose | Glukos var 92,4 mg/dL för patienten [Observation/glucose].
both | HbA1c var 6,4 % [Observation/a1c] och glukos 92,37 mg/dL [Observation/glucose].
count | Det finns två mätningar, den första i november 2019 [Observation/a1c-old].
diabetes | Ja: Diabetes mellitus typ 2 sedan den 24 maj 2010 [Condition/diabetes].
metformin | Hon har metformin 500 mg sedan juni 2010 [MedicationRequest/metformin].
no INR | Det finns inget INR i journalen.
no gout | Nej, gout finns inte i journalen.
no gout | Nej.
age | Patienten är 73 år gammal [Patient/anna].
""",
}
# … | why it is refused, of the statement
REFUSED_DRAFTS = {
    "de": """
a1c | Das letzte HbA1c war 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | Das HbA1c war 6,4 mg/dL [Observation/a1c]. | the number 6,4 mg/dL
a1c | Das HbA1c war 6,4 % am 12.04.2020 [Observation/a1c]. | the date 12.04.2020
a1c | Das HbA1c war 6,4 % am 4.12.20 [Observation/a1c]. | “4.12.20” can be read in several ways
a1c | Das HbA1c war 6,4 % im November [Observation/a1c]. | “November”
a1c | Das letzte HbA1c war 6,4 % am 4. Dezember 2020. | it names no source
a1c | Das HbA1c war 6,4 % [Observation/a1d]. | Observation/a1d is not in the evidence
a1c | Das Kreatinin war 6,4 % [Observation/a1c]. | “Kreatinin”
a1c | Der TSH war 6,4 % [Observation/a1c]. | “TSH”
a1c | Das HbA1c war nicht 6,4 % [Observation/a1c]. | it denies what the record says
a1c | Die Patientin ist gesund. | it names no source
both | Glukose war 6,4 % und HbA1c 92,37 mg/dL [Observation/a1c; Observation/glucose]. | no single source says all of it
count | Es gibt drei Messungen [Observation/a1c]. | the number drei
diabetes | Nein, sie hat keinen Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | Nein. | the record does not say no
diabetes | Ja: Diabetes mellitus Typ 1 seit 2010 [Condition/diabetes]. | the number 1
diabetes | Die Patientin hat Bluthochdruck [Condition/diabetes]. | “Bluthochdruck”
diabetes | Die Patientin hat eine Hypertension [Condition/diabetes]. | “Hypertension”
diabetes | Die Patientin hat eine Hepatitis C [Condition/diabetes]. | “C”
metformin | Sie nimmt Warfarin 500 mg [MedicationRequest/metformin]. | “Warfarin”
metformin | Sie nimmt metformin 1.000 mg [MedicationRequest/metformin]. | the number 1.000 mg
metformin | Sie nimmt metformin 500 mg zweimal täglich [MedicationRequest/metformin]. | the number zweimal
no gout | Ja. | the record does not say yes
no gout | Ja, gout ist dokumentiert. | it says yes where the record says no
no gout | Nein, gout ist dokumentiert. | the record says no, or does not say
no gout | Die Patientin hat keine Allergien. | it names no source
no gout | Die Patientin hat nicht nur gout. | it denies twice
no INR | Kein INR (5 Messungen durchsucht). | it names no source
not above 9 | Das HbA1c von 7,1 % ist über 9 [Observation/a1c-old]. | the record says no, or does not say
age | Die Patientin ist 73 Monate alt [Patient/anna]. | the number 73 Monate
diabetes | Ja, seit 2010 [Condition/diabetes]. The patient is healthy [Condition/diabetes]. | “healthy”
a1c | In der Akte steht „A1c in Blood was Hemoglobin“ [Observation/a1c]. | the quote “A1c in Blood was Hemoglobin” is not in the record
""",  # noqa: E501
    "fr": """
a1c | La dernière HbA1c était de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | La dernière HbA1c était de 6,4 % le 12/04/2020 [Observation/a1c]. | the date 12/04/2020
a1c | La créatinine était de 6,4 % [Observation/a1c]. | “créatinine”
a1c | La dernière HbA1c était de 6,4 % le 4 décembre 2020. | it names no source
diabetes | Non, la patiente n'a pas de Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La patiente n'a plus de Diabetes mellitus [Condition/diabetes]. | it denies what the record says
metformin | La patiente prend de la warfarine 500 mg [MedicationRequest/metformin]. | “warfarine”
no gout | Oui, gout est enregistrée. | it says yes where the record says no
age | La patiente est âgée de 73 mois [Patient/anna]. | the number 73 mois
""",  # noqa: E501
    "es": """
a1c | La última HbA1c fue de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | La última HbA1c fue de 6,4 % el 4 de noviembre de 2020 [Observation/a1c]. | the date 4 de noviembre de 2020
a1c | La glucosa fue de 6,4 % en la última medición [Observation/a1c]. | “glucosa”
diabetes | No, la paciente no tiene Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La paciente tiene hipertensión [Condition/diabetes]. | “hipertensión”
metformin | La paciente toma insulina 500 mg [MedicationRequest/metformin]. | “insulina”
no gout | La paciente tiene gout. | it names no source
no gout | La paciente no está sin gout. | it denies twice
age | La paciente tiene 37 años [Patient/anna]. | the number 37 años
""",  # noqa: E501
    "it": """
a1c | L'ultima HbA1c era 64 % [Observation/a1c]. | the number 64 %
a1c | La creatinina era 6,4 % [Observation/a1c]. | “creatinina”
count | Ci sono tre misurazioni [Observation/a1c]. | the number tre
diabetes | La paziente non ha il Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La paziente ha ipertensione [Condition/diabetes]. | “ipertensione”
metformin | Prende amoxicillina 500 mg dal giugno 2010 [MedicationRequest/metformin]. | “amoxicillina”
no gout | Sì. | the record does not say yes
age | La paziente ha 73 mesi [Patient/anna]. | the number 73 mesi
""",
    "pt": """
a1c | A última HbA1c foi de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | A creatinina foi de 6,4 % [Observation/a1c]. | “creatinina”
diabetes | A paciente não tem Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | A paciente tem hipertensão [Condition/diabetes]. | “hipertensão”
metformin | Ela toma varfarina 500 mg [MedicationRequest/metformin]. | “varfarina”
no gout | No registro consta gout. | it names no source
no gout | A paciente ainda tem gout. | it names no source
age | A paciente tem 37 anos [Patient/anna]. | the number 37 anos
""",
    "nl": """
a1c | De laatste HbA1c was 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | De laatste HbA1c was 6,4 % op 12-04-2020 [Observation/a1c]. | the date 12-04-2020
a1c | De glucose was 6,4 % bij deze patiënt [Observation/a1c]. | “glucose”
diabetes | Nee, de patiënt heeft geen Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | De patiënt heeft hypertensie [Condition/diabetes]. | “hypertensie”
metformin | De patiënt gebruikt warfarine 500 mg [MedicationRequest/metformin]. | “warfarine”
no gout | De patiënt heeft niet alleen gout. | it denies twice
no gout | De patiënt heeft nog gout. | it names no source
""",
    "pl": """
a1c | Ostatni wynik HbA1c wynosił 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | Ostatni wynik HbA1c to 6,4 % z 4 listopada 2020 [Observation/a1c]. | the date 4 listopada 2020
a1c | Kreatynina była 6,4 % [Observation/a1c]. | “Kreatynina”
count | Są trzy pomiary HbA1c [Observation/a1c]. | the number trzy
diabetes | Nie, pacjentka nie ma Diabetes mellitus [Condition/diabetes]. | it denies what the record says
metformin | Pacjentka przyjmuje insulinę 500 mg [MedicationRequest/metformin]. | “insulinę”
no gout | Tak. | the record does not say yes
no gout | Pacjentka ma gout. | it names no source
age | Pacjentka ma 37 lat [Patient/anna]. | the number 37 lat
""",
    "sv": """
a1c | Det senaste HbA1c-värdet var 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | HbA1c var 6,4 % den 5 december 2020 [Observation/a1c]. | the date 5 december 2020
a1c | Kreatinin var 6,4 % för patienten [Observation/a1c]. | “Kreatinin”
diabetes | Nej, patienten har inte Diabetes mellitus [Condition/diabetes]. | it denies what the record says
metformin | Hon har warfarin 500 mg sedan juni 2010 [MedicationRequest/metformin]. | “warfarin”
no gout | Ja, gout finns i journalen. | it says yes where the record says no
no gout | Patienten har gout. | it names no source
age | Patienten är 73 månader gammal [Patient/anna]. | the number 73 månader
""",
}


UNDECIDED = [
    # what only words say is not decided in another language: such an answer is marked
    ("a1c", "Das HbA1c ist auf 6,4 % gestiegen [Observation/a1c]."),
    ("a1c", "Das HbA1c von 6,4 % ist erhöht [Observation/a1c]."),
    ("change", "L'HbA1c a augmenté de 0,7 % [Observation/a1c-old; Observation/a1c]."),
    ("a1c", "La HbA1c de 6,4 % está elevada [Observation/a1c]."),
    ("a1c", "La glicemia era 6,4 % per la paziente [Observation/a1c]."),
    ("diabetes", "Der Diabetes mellitus ist abgeklungen [Condition/diabetes]."),
]


def _counted(value: str) -> Evidence:
    name, text = "Leukocytes", f"Leukocytes {value} /uL on 2020-12-04"
    fact = Fact(text, "Observation/a1c", name, "2020-12-04")
    about = {"about": name, "arguments": {"concept": "leukocytes", "pick": "last"}}
    return evidence(values=(Decimal(value),), unit="/uL", facts=(fact,), **about)


READINGS = [
    # recorded, as drafted, whether it is the same number for who reads a decimal comma
    ("1234", "1.234", True),
    ("1234", "1 234", True),
    ("1234", "1\u202f234", True),
    ("1234", "1'234", True),
    ("1234", "1234", True),
    ("1234", "1,234", False),
    ("1234567", "1.234.567", True),
    ("1234567", "1,234,567", False),
    ("1234.5", "1.234,5", True),
    ("1234.5", "1,234.5", False),
    ("1.234", "1,234", True),
    ("1.234", "1.234", False),
    ("0.123", "0,123", True),
    ("0.123", "0.123", True),
    ("12.5", "12.5", True),
    ("12.5", "12,5", True),
    ("12.5", "125", False),
    ("12.5", "12,50", True),
    ("4.12", "4.12.20", False),
]
DATES = [
    # as drafted, whether it is 2020-12-04
    ("de", "4. Dezember 2020", True),
    ("de", "04. Dez. 2020", True),
    ("de", "4.12.2020", True),
    ("de", "04. 12. 2020", True),
    ("de", "4. Dezember", True),
    ("de", "Dezember 2020", True),
    ("de", "12/2020", True),
    ("de", "2020-12-04", True),
    ("de", "12.04.2020", False),
    ("de", "4.13.2020", False),
    ("de", "4. November", False),
    ("de", "04.12.21", False),
    ("fr", "4 déc. 2020", True),
    ("fr", "04/12/2020", True),
    ("fr", "4 août 2020", False),
    ("es", "4 de diciembre del 2020", True),
    ("es", "diciembre de 2020", True),
    ("es", "12/04/2020", False),
    ("es", "diciembre 5, 2020", False),
    ("it", "4 dic 2020", True),
    ("it", "04/12/2020", True),
    ("it", "4 gennaio 2020", False),
    ("pt", "4 de dezembro de 2020", True),
    ("pt", "04-12-2020", True),
    ("pt", "4 de outubro de 2020", False),
    ("nl", "4 dec. 2020", True),
    ("nl", "04-12-2020", True),
    ("nl", "12-04-2020", False),
]
_IN = {
    "de": "Der letzte Wert ist vom {}",
    "fr": "La dernière valeur est du {}",
    "es": "El último valor es del {}",
    "it": "L'ultimo valore è del {}",
    "pt": "O último valor é de {}",
    "nl": "De laatste waarde is van {}",
}


def _rows(tables: dict[str, str]) -> list[tuple[str, ...]]:
    """Code and cells of every line, with the line breaks that the drafts have."""
    lines = [(code, line) for code in tables for line in tables[code].strip().splitlines()]
    return [(code, *(cell.replace(" // ", "\n") for cell in line.split(" | "))) for code, line in lines]


@pytest.mark.parametrize(("code", "about", "draft"), _rows(SUPPORTED_DRAFTS), ids=str)
def test_what_the_evidence_says_passes_in_every_language(code: str, about: str, draft: str) -> None:
    assert check_draft(draft, EVIDENCE[about], RECORD, QUESTIONS[code]).unsupported == ()
    assert check_draft(draft, EVIDENCE[about], RECORD, "What is on record?").unsupported == ()


@pytest.mark.parametrize(("code", "about", "draft", "why"), _rows(REFUSED_DRAFTS), ids=str)
def test_what_the_evidence_does_not_say_is_refused_with_the_words_of_the_draft(
    code: str, about: str, draft: str, why: str
) -> None:
    found = check_draft(draft, EVIDENCE[about], RECORD, QUESTIONS[code]).unsupported
    assert [u.reason.removesuffix(" is not in the evidence it cites") for u in found[:1]] == [why]
    assert found[0].text in draft
    assert check_draft(draft, EVIDENCE[about], RECORD, "").unsupported != ()


@pytest.mark.parametrize(("about", "draft"), UNDECIDED)
def test_what_only_words_say_is_left_undecided(about: str, draft: str) -> None:
    assert in_another_language(draft, "")
    checked = check_draft(draft, EVIDENCE[about], RECORD, "")
    assert (checked.unsupported, checked.undecided) == ((), (draft,))


@pytest.mark.parametrize(("code", "about", "draft"), _rows(SUPPORTED_DRAFTS), ids=str)
def test_every_changed_digit_is_refused(code: str, about: str, draft: str) -> None:
    mutants = _changed_digits(draft)
    assert [
        m for m in mutants if not check_draft(m, EVIDENCE[about], RECORD, QUESTIONS[code]).unsupported
    ] == []


@pytest.mark.parametrize("code", _IN)
@pytest.mark.parametrize(("recorded", "drafted", "same"), READINGS)
def test_a_number_is_read_as_the_language_writes_it(
    code: str, recorded: str, drafted: str, same: bool
) -> None:
    draft = f"{_IN[code].format('2020-12-04')}: Leukocytes {drafted} /uL [Observation/a1c]."
    assert (check_draft(draft, (_counted(recorded),), RECORD, QUESTIONS[code]).unsupported == ()) is same


@pytest.mark.parametrize(("code", "drafted", "same"), DATES)
def test_a_date_is_read_with_the_day_before_the_month(code: str, drafted: str, same: bool) -> None:
    draft = f"{_IN[code].format(drafted)} [Observation/a1c]."
    assert (check_draft(draft, (A1C,), RECORD, QUESTIONS[code]).unsupported == ()) is same


@pytest.mark.parametrize("question", QUESTIONS.values())
def test_english_stays_english_whatever_the_question(question: str) -> None:
    for draft in SUPPORTED:
        assert check_draft(draft.text, draft.evidence, RECORD, question).unsupported == (), draft.text
    for draft in REFUSED:
        assert check_draft(draft.text, draft.evidence, RECORD, question).unsupported != (), draft.text
    for given in MUTATED.values():
        assert check_draft(_written(given), given, RECORD, question).unsupported == (), _written(given)


TOLD = [
    # a draft, its question, whether it is in another language than English
    ("The latest value was 6.4 %.", "", False),
    ("Maria de la Cruz is 73 years old.", "", False),
    ("HbA1c 6.4 %", "What is the HbA1c?", False),
    ("HbA1c 6,4 %", "Wie hoch ist das HbA1c?", True),
    ("Das ist der letzte Wert.", "What is the HbA1c?", True),
    ("Nein.", "", True),
    ("No registro consta gout.", "", True),
    ("Ostatni wynik jest z 2020 roku.", "", True),
    ("Sarcoidosis, severe neuropathy.", "", False),
]


@pytest.mark.parametrize(("draft", "question", "foreign"), TOLD)
def test_the_language_is_told_by_the_draft_then_by_the_question(
    draft: str, question: str, foreign: bool
) -> None:
    assert in_another_language(draft, question) is foreign


def test_what_was_asked_for_in_the_language_may_be_named_so() -> None:
    asked = evidence(
        arguments={"concept": "Gicht", "kind": "condition"},
        outcome="none recorded",
        about="Gicht",
        values=(False,),
        facts=(),
        references=(),
    )
    assert check_draft("Nein, Gicht ist nicht dokumentiert.", (asked,), RECORD, "").unsupported == ()
    assert check_draft("Nein, Gicht ist dokumentiert.", (asked,), RECORD, "").unsupported != ()


OPTIONS = [
    ("6,4 %", "Wie hoch ist das HbA1c?", ""),
    ("am 04.12.2020", "Wann war das?", ""),
    ("6,5 %", "Wie hoch ist das HbA1c?", "the number 6,5 % is not in the evidence it cites"),
    ("am 12.04.2020", "Wann war das?", "the date 12.04.2020 is not in the evidence it cites"),
    ("am 04.12.20", "Wann ist das?", "“04.12.20” can be read in several ways"),
    ("6,4 %", "What was the HbA1c?", "the number 6 is not in the evidence it cites"),
]


@pytest.mark.parametrize(("option", "question", "why"), OPTIONS)
def test_an_option_is_read_in_the_language_of_the_question(option: str, question: str, why: str) -> None:
    assert [u.reason for u in check_option(option, (A1C,), RECORD, question)] == ([why] if why else [])


def test_characters_that_the_checker_uses_itself_are_harmless() -> None:
    for draft in (
        "The A1c \ue0009\ue001 was 6.4 % [Observation/a1c].",
        "Das ist \ue0109\ue011 [Observation/a1c].",
    ):
        assert check_draft(draft, (A1C,), RECORD, "").unsupported != ()
