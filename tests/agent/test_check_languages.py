"""What the checker must refuse and let pass in other languages: one draft a line, with the reason, as in English."""

import re
import tomllib
from decimal import Decimal
from importlib.resources import files

import pytest

from agent.check import check_draft, check_option
from agent.check.language import CODES, language, listed, spoken
from agent.check.vocabulary import allowed
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
    LIST,
    MEAN,
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
    "mean": (MEAN,),
    "above 7": (ABOVE,),
    "not above 9": (NOT_ABOVE,),
    "diabetes": (DIABETES,),
    "list": (LIST,),
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
}
# what was asked of the record | the draft, " // " for a new line
SUPPORTED_DRAFTS = {
    "de": """
a1c | Der letzte HbA1c-Wert war 6,4 % am 4. Dezember 2020 [Observation/a1c].
a1c | Das letzte HbA1c betrug 6.4 % (04.12.2020) [Observation/a1c].
a1c | Hemoglobin A1c/Hemoglobin.total in Blood: 6,4 Prozent am 4. Dez. 2020, zuletzt gemessen [Observation/a1c].
glucose | Die Glukose lag bei 92,4 mg/dL [Observation/glucose].
both | Der HbA1c-Wert war 6,4 % [Observation/a1c] und die Glukose 92,37 mg/dL [Observation/glucose].
both | Die letzten Werte: // - HbA1c 6,4 % [Observation/a1c] // - Glukose 92 mg/dL [Observation/glucose]
change | Das HbA1c ist um 0,7 % gefallen, von 7,1 % [Observation/a1c-old] auf 6,4 % [Observation/a1c].
count | Es gibt zwei Messungen, die erste im November 2019 [Observation/a1c-old].
mean | Das mittlere HbA1c war 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Ja, das HbA1c war 7,1 % am 02.11.2019, über 7 % [Observation/a1c-old].
not above 9 | Nein. Das HbA1c von 7,1 % ist dokumentiert [Observation/a1c-old].
not above 9 | Nein, das HbA1c war nicht über 9, am 02.11.2019 war es 7,1 % [Observation/a1c-old].
diabetes | Ja: Diabetes mellitus Typ 2 seit dem 24. Mai 2010, aktiv [Condition/diabetes].
list | Zwei Diagnosen sind dokumentiert: // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Sie nimmt seit Juni 2010 Metformin 500 mg [MedicationRequest/metformin].
no INR | Zum INR gibt es keinen Eintrag.
no gout | Nein, gout ist nicht dokumentiert (2 Diagnosen durchsucht).
no gout | Nein.
age | Die Patientin ist 73 Jahre alt [Patient/anna].
""",  # noqa: E501
    "fr": """
a1c | La dernière HbA1c était de 6,4 % le 4 décembre 2020 [Observation/a1c].
a1c | La dernière valeur d’hémoglobine glyquée est de 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glycémie était de 92,4 mg/dL [Observation/glucose].
both | L'HbA1c était de 6,4 % [Observation/a1c] et la glycémie de 92,37 mg/dL [Observation/glucose].
change | L'HbA1c a diminué de 0,7 %, de 7,1 % [Observation/a1c-old] à 6,4 % [Observation/a1c].
count | Il y a deux mesures, la première en novembre 2019 [Observation/a1c-old].
mean | La moyenne de l'HbA1c était de 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Oui, l'HbA1c était de 7,1 % le 2 novembre 2019, supérieure à 7 % [Observation/a1c-old].
not above 9 | Non. L'HbA1c de 7,1 % est enregistrée [Observation/a1c-old].
diabetes | Oui : Diabetes mellitus type 2 depuis le 24 mai 2010, actif [Condition/diabetes].
list | Deux diagnostics sont enregistrés : // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Elle prend metformin 500 mg depuis juin 2010 [MedicationRequest/metformin].
no INR | Il n'y a aucun INR dans le dossier.
no gout | Non, gout n'est pas documentée (2 diagnostics examinés).
no gout | Non.
age | La patiente est âgée de 73 ans [Patient/anna].
""",  # noqa: E501
    "es": """
a1c | La última HbA1c fue de 6,4 % el 4 de diciembre de 2020 [Observation/a1c].
a1c | La hemoglobina glicosilada más reciente es de 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glucosa fue de 92,4 mg/dL [Observation/glucose].
both | La HbA1c fue de 6,4 % [Observation/a1c] y la glucosa de 92,37 mg/dL [Observation/glucose].
change | La HbA1c disminuyó 0,7 %, de 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Hay dos mediciones, la primera en noviembre de 2019 [Observation/a1c-old].
mean | El promedio de la HbA1c fue de 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Sí, la HbA1c fue de 7,1 % el 2 de noviembre de 2019, por encima de 7 % [Observation/a1c-old].
not above 9 | No. La HbA1c de 7,1 % está registrada [Observation/a1c-old].
diabetes | Sí: Diabetes mellitus tipo 2 desde el 24 de mayo de 2010, activa [Condition/diabetes].
list | Hay dos diagnósticos registrados: // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Toma metformin 500 mg desde junio de 2010 [MedicationRequest/metformin].
no INR | No hay ningún INR en el registro.
no gout | No, no consta gout (2 diagnósticos revisados).
no gout | No está registrada gout en la historia clínica.
age | La paciente tiene 73 años de edad [Patient/anna].
""",  # noqa: E501
    "it": """
a1c | L'ultima HbA1c era 6,4 % il 4 dicembre 2020 [Observation/a1c].
a1c | L’emoglobina glicata più recente è 6.4 % (04/12/2020) [Observation/a1c].
glucose | La glicemia era di 92,4 mg/dL [Observation/glucose].
both | L'HbA1c era 6,4 % [Observation/a1c] e la glicemia 92,37 mg/dL [Observation/glucose].
change | L'HbA1c è diminuita di 0,7 %, da 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Ci sono due misurazioni, la prima nel novembre 2019 [Observation/a1c-old].
mean | La media dell'HbA1c era 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Sì, l'HbA1c era 7,1 % il 2 novembre 2019, sopra 7 % [Observation/a1c-old].
not above 9 | No. L'HbA1c di 7,1 % è registrata [Observation/a1c-old].
diabetes | Sì: Diabetes mellitus tipo 2 dal 24 maggio 2010, attivo [Condition/diabetes].
list | Due diagnosi sono registrate: // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Prende metformin 500 mg dal giugno 2010 [MedicationRequest/metformin].
no INR | Non risulta nessun INR nella cartella clinica.
no gout | No, gout non è documentata (2 diagnosi esaminate).
no gout | No.
age | La paziente ha 73 anni [Patient/anna].
""",  # noqa: E501
    "pt": """
a1c | A última HbA1c foi de 6,4 % em 4 de dezembro de 2020 [Observation/a1c].
a1c | A hemoglobina glicada mais recente é de 6.4 % (04/12/2020) [Observation/a1c].
glucose | A glicose foi de 92,4 mg/dL [Observation/glucose].
both | A HbA1c foi de 6,4 % [Observation/a1c] e a glicose de 92,37 mg/dL [Observation/glucose].
change | A HbA1c diminuiu 0,7 %, de 7,1 % [Observation/a1c-old] a 6,4 % [Observation/a1c].
count | Há duas medições, a primeira em novembro de 2019 [Observation/a1c-old].
mean | A média da HbA1c foi de 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Sim, a HbA1c foi de 7,1 % em 2 de novembro de 2019, acima de 7 % [Observation/a1c-old].
not above 9 | Não. A HbA1c de 7,1 % está registrada [Observation/a1c-old].
diabetes | Sim: Diabetes mellitus tipo 2 desde 24 de maio de 2010, ativo [Condition/diabetes].
list | Há dois diagnósticos registrados: // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Ela toma metformin 500 mg desde junho de 2010 [MedicationRequest/metformin].
no INR | Não há nenhum INR no registro.
no gout | Não, não consta gout (2 diagnósticos examinados).
no gout | Não.
age | A paciente tem 73 anos [Patient/anna].
""",  # noqa: E501
    "nl": """
a1c | De laatste HbA1c was 6,4 % op 4 december 2020 [Observation/a1c].
a1c | De meest recente HbA1c is 6.4 % (04-12-2020) [Observation/a1c].
glucose | De glucose was 92,4 mg/dL bij deze patiënt [Observation/glucose].
both | De HbA1c was 6,4 % [Observation/a1c] en de glucose 92,37 mg/dL [Observation/glucose].
change | De HbA1c is met 0,7 % gedaald, van 7,1 % [Observation/a1c-old] naar 6,4 % [Observation/a1c].
count | Er zijn twee metingen, de eerste in november 2019 [Observation/a1c-old].
mean | De gemiddelde HbA1c was 6,75 % [Observation/a1c-old; Observation/a1c].
above 7 | Ja, de HbA1c was 7,1 % op 2 november 2019, boven 7 % [Observation/a1c-old].
not above 9 | Nee. De HbA1c van 7,1 % is vastgelegd [Observation/a1c-old].
diabetes | Ja: Diabetes mellitus type 2 sinds 24 mei 2010, actief [Condition/diabetes].
list | Er zijn twee diagnoses vastgelegd: // - Diabetes mellitus type 2 [Condition/diabetes] // - Viral sinusitis [Condition/sinusitis]
metformin | Zij gebruikt sinds juni 2010 metformin 500 mg [MedicationRequest/metformin].
no INR | Er is geen INR vastgelegd in het dossier.
no gout | Nee, gout is niet vastgelegd (2 diagnoses doorzocht).
no gout | Nee.
age | De patiënt is 73 jaar oud [Patient/anna].
""",  # noqa: E501
}
# … | why it is refused, of its first statement
REFUSED_DRAFTS = {
    "de": """
a1c | Das letzte HbA1c war 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | Das letzte HbA1c war 64 % [Observation/a1c]. | the number 64 %
a1c | Das letzte HbA1c war 6,42 % [Observation/a1c]. | the number 6,42 %
a1c | Das HbA1c war 6,4 mg/dL [Observation/a1c]. | the number 6,4 mg/dL
a1c | Das HbA1c war 6,4 % am 12.04.2020 [Observation/a1c]. | the date 12.04.2020
a1c | Das HbA1c war 6,4 % am 4.12.20 [Observation/a1c]. | “4.12.20”
a1c | Das HbA1c war 6,4 % am 5. Dezember 2020 [Observation/a1c]. | the date 5. Dezember 2020
a1c | Das HbA1c war 6,4 % am 4. November [Observation/a1c]. | the date 4. November
a1c | Das HbA1c war 6,4 % im November [Observation/a1c]. | “November”
a1c | Das HbA1c war 6,4 % am 4. December 2021 [Observation/a1c]. | the date 4. December 2021
a1c | Das HbA1c von 6,4 % ist erhöht [Observation/a1c]. | “erhöht”
a1c | Das HbA1c von 6,4 % ist normal [Observation/a1c]. | “normal”
a1c | Das HbA1c ist mit 6,4 % gut eingestellt [Observation/a1c]. | “gut”
a1c | Das HbA1c ist auf 6,4 % gestiegen [Observation/a1c]. | “gestiegen”
a1c | Das HbA1c ist mit 6,4 % unauffällig [Observation/a1c]. | “unauffällig”
a1c | Das letzte HbA1c war 6,4 % am 4. Dezember 2020. | it names no source
a1c | Das HbA1c war 6,4 % [Observation/a1d]. | Observation/a1d is not in the evidence
a1c | Das Kreatinin war 6,4 % [Observation/a1c]. | “Kreatinin”
a1c | Der Blutdruck war 6,4 % [Observation/a1c]. | “Blutdruck”
a1c | Das HbA1c war nicht 6,4 % [Observation/a1c]. | it denies what the record says
a1c | Das letzte HbA1c war 6,4 % am 04.12.2020, but fine [Observation/a1c]. | “but”
a1c | Das HbA1c nahm zu [Observation/a1c]. | “nahm”
a1c | Das erste HbA1c war 7,1 % [Observation/a1c]. | the number 7,1 %
change | Das HbA1c ist um 0,7 % gestiegen [Observation/a1c-old; Observation/a1c]. | the number 0,7 %
change | Das höchste HbA1c war 7,1 % [Observation/a1c-old]. | “höchste”
change | Das HbA1c war 7,1 % am 04.12.2020 [Observation/a1c]. | the number 7,1 %
both | Glukose war 6,4 % und HbA1c 92,37 mg/dL [Observation/a1c; Observation/glucose]. | no single source says all of it
both | Die Glukose liegt auf 6,4 % und das HbA1c auf 92,37 mg/dL [Observation/a1c; Observation/glucose]. | no single source says all of it
count | Es gibt drei Messungen [Observation/a1c]. | the number drei
diabetes | Nein, sie hat keinen Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | Sie hat nie Diabetes gehabt [Condition/diabetes]. | “gehabt”
diabetes | Nein. | the record does not say no
diabetes | Ja: Diabetes mellitus Typ 1 seit 2010 [Condition/diabetes]. | the number 1
diabetes | Ja: Diabetes mit Neuropathie seit 2010 [Condition/diabetes]. | “Neuropathie”
diabetes | Ja: schwerer Diabetes mellitus seit 2010 [Condition/diabetes]. | “schwerer”
diabetes | Der Diabetes mellitus ist abgeklungen [Condition/diabetes]. | “abgeklungen”
diabetes | Die Patientin hat Bluthochdruck [Condition/diabetes]. | “Bluthochdruck”
diabetes | Nein: Diabetes mellitus type 2, aktiv, seit 24.05.2010 [Condition/diabetes]. | it denies what the record says
metformin | Sie nimmt metformin 1.000 mg [MedicationRequest/metformin]. | the number 1.000 mg
metformin | Sie nimmt warfarin 500 mg [MedicationRequest/metformin]. | “warfarin”
metformin | Sie nimmt metformin 500 mg zweimal täglich [MedicationRequest/metformin]. | the number zweimal
metformin | Sie nimmt kein metformin [MedicationRequest/metformin]. | it denies what the record says
metformin | Sie sollte metformin absetzen [MedicationRequest/metformin]. | “sollte”
no gout | Ja. | the record does not say yes
no gout | Ja, gout ist dokumentiert. | it says yes where the record says no
no gout | Die Patientin hat gout. | the record says no, or does not say
no gout | Nein, gout ist dokumentiert. | the record says no, or does not say
no gout | Es ist nicht so, dass keine gout dokumentiert ist. | “so”
no gout | Die Patientin ist nicht ohne gout. | it denies twice
no gout | Die Patientin hat nicht nur gout. | it names no source
no gout | Die Patientin hat nichts als gout. | it names no source
no gout | Die Patientin hat noch gout. | the record says no, or does not say
no gout | Das ist nicht die letzte Angabe: gout ist dokumentiert. | it names no source
no gout | Nein, die Patientin hat keine Gicht. | it names no source
no INR | Der INR war 2,3. | it names no source
no INR | Kein INR (5 Messungen durchsucht). | it names no source
not above 9 | Ja, das HbA1c war über 9: 7,1 % [Observation/a1c-old]. | it says yes where the record says no
not above 9 | Das HbA1c von 7,1 % ist über 9 [Observation/a1c-old]. | the record says no, or does not say
not above 9 | Nein, das HbA1c von 7,1 % ist über 9 [Observation/a1c-old]. | the record says no, or does not say
diabetes | Die Patientin hat Diabetes C [Condition/diabetes]. | “C”
a1c | Ich sehe, dass die Patientin gout hat. | it names no source
a1c | Das HbA1c von 6,4 % liegt über dem Referenzbereich [Observation/a1c]. | “Referenzbereich”
above 7 | Nein, das HbA1c war nicht über 7 [Observation/a1c-old]. | it denies what the record says
age | Die Patientin ist 37 Jahre alt [Patient/anna]. | the number 37 Jahre
age | Die Patientin ist 73 Monate alt [Patient/anna]. | the number 73 Monate
age | Die Patientin Maria Berg ist 73 Jahre alt [Patient/anna]. | “Maria”
a1c | In der Akte steht „A1c in Blood was Hemoglobin“ [Observation/a1c]. | the quote “A1c in Blood was Hemoglobin” is not in the record
""",  # noqa: E501
    "fr": """
a1c | La dernière HbA1c était de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | L'HbA1c était de 6,4 % le 12/04/2020 [Observation/a1c]. | the date 12/04/2020
a1c | L'HbA1c était de 6,4 % le 4 novembre 2020 [Observation/a1c]. | the date 4 novembre 2020
a1c | L'HbA1c était de 6,4 mmol/L [Observation/a1c]. | the number 6,4 mmol/L
a1c | L'HbA1c de 6,4 % est normale [Observation/a1c]. | “normale”
a1c | L'HbA1c de 6,4 % est élevée [Observation/a1c]. | “élevée”
a1c | L'HbA1c a augmenté à 6,4 % [Observation/a1c]. | “augmenté”
a1c | L'HbA1c est bien contrôlée à 6,4 % [Observation/a1c]. | “bien”
a1c | L'HbA1c n'était pas de 6,4 % [Observation/a1c]. | it denies what the record says
a1c | La dernière HbA1c était de 6,4 % le 4 décembre 2020. | it names no source
a1c | La glycémie était de 6,4 % [Observation/a1c]. | “glycémie”
both | La glycémie est à 6,4 % et l'HbA1c à 92,37 mg/dL [Observation/a1c; Observation/glucose]. | no single source says all of it
change | L'HbA1c a augmenté de 0,7 % [Observation/a1c-old; Observation/a1c]. | the number 0,7 %
count | Il y a trois mesures [Observation/a1c]. | the number trois
diabetes | Non, la patiente n'a pas de Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La patiente n'a plus de Diabetes mellitus [Condition/diabetes]. | “plus”
diabetes | La patiente a un Diabetes mellitus type 1 [Condition/diabetes]. | the number 1
diabetes | La patiente a une hypertension [Condition/diabetes]. | “hypertension”
metformin | Elle prend metformin 1 000 mg [MedicationRequest/metformin]. | the number 1 000 mg
metformin | Elle ne prend plus metformin [MedicationRequest/metformin]. | “plus”
metformin | Elle ne prend metformin [MedicationRequest/metformin]. | it denies what the record says
no gout | Oui. | the record does not say yes
no gout | Oui, gout est documentée. | it says yes where the record says no
no gout | La patiente n'a que gout. | it names no source
no gout | La patiente n’a pas que gout. | it names no source
no gout | La patiente n'a pas seulement gout. | it names no source
no gout | La patiente n'est pas sans gout. | it denies twice
no gout | Non, gout est documentée. | the record says no, or does not say
no gout | La patiente a encore gout. | the record says no, or does not say
not above 9 | Oui, l'HbA1c était supérieure à 9 : 7,1 % [Observation/a1c-old]. | it says yes where the record says no
age | La patiente est âgée de 37 ans [Patient/anna]. | the number 37 ans
a1c | Le dossier dit « A1c in Blood was Hemoglobin » [Observation/a1c]. | the quote “A1c in Blood was Hemoglobin” is not in the record
""",  # noqa: E501
    "es": """
a1c | La última HbA1c fue de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | La HbA1c fue de 6,4 % el 12/04/2020 [Observation/a1c]. | the date 12/04/2020
a1c | La HbA1c fue de 6,4 % el 5 de diciembre de 2020 [Observation/a1c]. | the date 5 de diciembre de 2020
a1c | La HbA1c fue de 6,4 mg/dL en la última medición [Observation/a1c]. | the number 6,4 mg/dL
a1c | La HbA1c de 6,4 % es normal para la paciente [Observation/a1c]. | “normal”
a1c | La HbA1c de 6,4 % está elevada [Observation/a1c]. | “elevada”
a1c | La HbA1c aumentó a 6,4 % en la última medición [Observation/a1c]. | “aumentó”
a1c | La HbA1c no fue de 6,4 % [Observation/a1c]. | it denies what the record says
a1c | La última HbA1c fue de 6,4 % el 4 de diciembre de 2020. | it names no source
a1c | La glucosa fue de 6,4 % en la última medición [Observation/a1c]. | “glucosa”
change | La HbA1c aumentó 0,7 % desde la primera medición [Observation/a1c-old; Observation/a1c]. | the number 0,7 %
count | Hay once mediciones registradas [Observation/a1c]. | the number once
diabetes | No, la paciente no tiene Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La paciente ya no tiene Diabetes mellitus [Condition/diabetes]. | “ya”
diabetes | La paciente tiene hipertensión [Condition/diabetes]. | “hipertensión”
diabetes | La paciente tiene Diabetes mellitus tipo 1 [Condition/diabetes]. | the number 1
metformin | La paciente toma metformin 1.000 mg [MedicationRequest/metformin]. | the number 1.000 mg
metformin | La paciente no toma metformin [MedicationRequest/metformin]. | it denies what the record says
no gout | Sí. | the record does not say yes
no gout | Sí, consta gout en el registro. | it says yes where the record says no
no gout | No tiene más que gout la paciente. | it names no source
no gout | La paciente no solo tiene gout. | it names no source
no gout | La paciente no está sin gout. | it denies twice
no gout | La paciente no tiene sino gout. | it names no source
no gout | No, la paciente tiene gout. | the record says no, or does not say
no gout | La paciente todavía tiene gout. | the record says no, or does not say
not above 9 | Sí, la HbA1c estaba por encima de 9: 7,1 % [Observation/a1c-old]. | it says yes where the record says no
age | La paciente tiene 37 años [Patient/anna]. | the number 37 años
""",  # noqa: E501
    "it": """
a1c | L'ultima HbA1c era 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | L'ultima HbA1c era 6,4 % il 12/04/2020 [Observation/a1c]. | the date 12/04/2020
a1c | L'ultima HbA1c era 6,4 % il 4 novembre 2020 [Observation/a1c]. | the date 4 novembre 2020
a1c | L'ultima HbA1c era 6,4 mg/dL [Observation/a1c]. | the number 6,4 mg/dL
a1c | L'HbA1c di 6,4 % è normale [Observation/a1c]. | “normale”
a1c | L'HbA1c di 6,4 % è elevata [Observation/a1c]. | “elevata”
a1c | L'HbA1c è aumentata a 6,4 % [Observation/a1c]. | “aumentata”
a1c | L'HbA1c non era 6,4 % [Observation/a1c]. | it denies what the record says
a1c | L'ultima HbA1c era 6,4 % il 4 dicembre 2020. | it names no source
a1c | La glicemia era 6,4 % [Observation/a1c]. | “glicemia”
change | L'HbA1c è salita di 0,7 % [Observation/a1c-old; Observation/a1c]. | the number 0,7 %
count | Ci sono sei misurazioni [Observation/a1c]. | the number sei
diabetes | No, la paziente non ha Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | La paziente non ha più Diabetes mellitus [Condition/diabetes]. | “più”
diabetes | La paziente ha ipertensione [Condition/diabetes]. | “ipertensione”
metformin | Prende metformin 1.000 mg la paziente [MedicationRequest/metformin]. | the number 1.000 mg
metformin | La paziente non prende metformin [MedicationRequest/metformin]. | it denies what the record says
no gout | Sì. | the record does not say yes
no gout | Sì, gout è documentata nella cartella. | it says yes where the record says no
no gout | La paziente non ha che gout. | it names no source
no gout | La paziente non ha solo gout. | it names no source
no gout | La paziente non è senza gout. | it denies twice
no gout | No, la paziente ha gout. | the record says no, or does not say
no gout | La paziente ha ancora gout. | the record says no, or does not say
not above 9 | Sì, l'HbA1c era sopra 9: 7,1 % [Observation/a1c-old]. | it says yes where the record says no
age | La paziente ha 37 anni [Patient/anna]. | the number 37 anni
""",  # noqa: E501
    "pt": """
a1c | A última HbA1c foi de 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | A última HbA1c foi de 6,4 % em 12/04/2020 [Observation/a1c]. | the date 12/04/2020
a1c | A última HbA1c foi de 6,4 % em 4 de novembro de 2020 [Observation/a1c]. | the date 4 de novembro de 2020
a1c | A última HbA1c foi de 6,4 mg/dL [Observation/a1c]. | the number 6,4 mg/dL
a1c | A HbA1c de 6,4 % é normal [Observation/a1c]. | “normal”
a1c | A HbA1c de 6,4 % está elevada, não há dúvida [Observation/a1c]. | “elevada”
a1c | A HbA1c aumentou para 6,4 % [Observation/a1c]. | “aumentou”
a1c | A HbA1c não foi de 6,4 % [Observation/a1c]. | it denies what the record says
a1c | A última HbA1c foi de 6,4 % em 4 de dezembro de 2020. | it names no source
a1c | A glicose foi de 6,4 % [Observation/a1c]. | “glicose”
change | A HbA1c subiu 0,7 % [Observation/a1c-old; Observation/a1c]. | the number 0
count | Há três medições no registro [Observation/a1c]. | the number três
diabetes | Não, a paciente não tem Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | No, a paciente tem Diabetes mellitus type 2 no registro [Condition/diabetes]. | “no”
diabetes | A paciente não tem mais Diabetes mellitus [Condition/diabetes]. | “mais”
diabetes | A paciente tem hipertensão [Condition/diabetes]. | “hipertensão”
metformin | A paciente toma metformin 1.000 mg [MedicationRequest/metformin]. | the number 1.000 mg
metformin | A paciente não toma metformin [MedicationRequest/metformin]. | it denies what the record says
no gout | Sim. | the record does not say yes
no gout | Sim, consta gout no registro. | it says yes where the record says no
no gout | No registro consta gout. | the record says no, or does not say
no gout | A paciente não tem senão gout. | it names no source
no gout | A paciente não tem só gout. | “só”
no gout | A paciente não está sem gout. | it denies twice
no gout | Não, a paciente tem gout. | the record says no, or does not say
no gout | A paciente ainda tem gout. | the record says no, or does not say
not above 9 | Sim, a HbA1c estava acima de 9: 7,1 % [Observation/a1c-old]. | it says yes where the record says no
age | A paciente tem 37 anos [Patient/anna]. | the number 37 anos
""",  # noqa: E501
    "nl": """
a1c | De laatste HbA1c was 6,5 % [Observation/a1c]. | the number 6,5 %
a1c | De laatste HbA1c was 6,4 % op 12-04-2020 [Observation/a1c]. | the date 12-04-2020
a1c | De laatste HbA1c was 6,4 % op 4 november 2020 [Observation/a1c]. | the date 4 november 2020
a1c | De laatste HbA1c was 6,4 mg/dL [Observation/a1c]. | the number 6,4 mg/dL
a1c | De HbA1c van 6,4 % is normaal [Observation/a1c]. | “normaal”
a1c | De HbA1c van 6,4 % is verhoogd [Observation/a1c]. | “verhoogd”
a1c | De HbA1c is gestegen naar 6,4 % [Observation/a1c]. | “gestegen”
a1c | De HbA1c neemt toe [Observation/a1c]. | “neemt”
a1c | De HbA1c was niet 6,4 % [Observation/a1c]. | it denies what the record says
a1c | De laatste HbA1c was 6,4 % op 4 december 2020. | it names no source
a1c | De glucose was 6,4 % bij deze patiënt [Observation/a1c]. | “glucose”
change | De HbA1c is met 0,7 % gestegen [Observation/a1c-old; Observation/a1c]. | the number 0,7 %
count | Er zijn drie metingen [Observation/a1c]. | the number drie
diabetes | Nee, de patiënt heeft geen Diabetes mellitus [Condition/diabetes]. | it denies what the record says
diabetes | De patiënt heeft niet meer Diabetes mellitus [Condition/diabetes]. | “meer”
diabetes | De patiënt heeft hypertensie [Condition/diabetes]. | “hypertensie”
metformin | De patiënt gebruikt metformin 1.000 mg [MedicationRequest/metformin]. | the number 1.000 mg
metformin | De patiënt gebruikt geen metformin [MedicationRequest/metformin]. | it denies what the record says
no gout | Ja. | the record does not say yes
no gout | Ja, gout is vastgelegd in het dossier. | it says yes where the record says no
no gout | De patiënt heeft niet alleen gout. | it names no source
no gout | De patiënt is niet zonder gout. | it denies twice
no gout | Het is niet zo dat er geen gout is vastgelegd. | it names no source
no gout | De patiënt heeft niets dan gout. | it names no source
no gout | Nee, de patiënt heeft gout. | the record says no, or does not say
no gout | De patiënt heeft nog gout. | the record says no, or does not say
not above 9 | Ja, de HbA1c was boven 9: 7,1 % [Observation/a1c-old]. | it says yes where the record says no
age | De patiënt is 37 jaar oud [Patient/anna]. | the number 37 jaar
""",  # noqa: E501
}


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
    lines = [(code, line) for code in CODES for line in tables[code].strip().splitlines()]
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


@pytest.mark.parametrize(("code", "about", "draft"), _rows(SUPPORTED_DRAFTS), ids=str)
def test_every_changed_digit_is_refused(code: str, about: str, draft: str) -> None:
    mutants = _changed_digits(draft)
    assert [
        m for m in mutants if not check_draft(m, EVIDENCE[about], RECORD, QUESTIONS[code]).unsupported
    ] == []


@pytest.mark.parametrize("code", CODES)
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
    ("The latest value was 6.4 %.", "", ()),
    ("Maria de la Cruz is 73 years old.", "", ()),
    ("HbA1c 6.4 %", "What is the HbA1c?", ()),
    ("HbA1c 6,4 %", "Wie hoch ist das HbA1c?", ("de",)),
    ("Das ist der letzte Wert.", "What is the HbA1c?", ("de",)),
    ("Nein.", "", ("de",)),
    ("Ja.", "Heeft zij gout?", ("nl",)),
    ("No registro consta gout.", "", ("es", "pt")),
    ("No registro consta gout.", "A paciente tem gout?", ("pt",)),
    (
        "Ist nicht dokumentiert. Not all facts could be shown to the model; the evidence lists every one.",
        "",
        ("de",),
    ),
]


@pytest.mark.parametrize(("draft", "question", "codes"), TOLD)
def test_the_language_is_told_by_the_draft_then_by_the_question(
    draft: str, question: str, codes: tuple[str, ...]
) -> None:
    assert spoken(draft, question) == tuple(language(code) for code in codes)


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


@pytest.mark.parametrize("code", CODES)
def test_a_table_says_one_thing_of_a_word_and_judges_nothing(code: str) -> None:
    text = files("agent.check").joinpath("languages", f"{code}.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)["words"]
    every = [word for line in words.values() for word in listed(line)]
    assert sorted(word for word in set(every) if every.count(word) > 1) == []
    assert [word for word in every if word != word.lower()] == []
    english = {part for meant in words for part in re.findall(r"[a-z]+", meant.casefold())}
    assert english.isdisjoint(
        {"normal", "abnormal", "high", "low", "elevated", "good", "only", "than", "but"}
    )
    denying = {"no", "not", "none", "never", "nor", "neither", "without", "nothing"}
    assert english & allowed("negation") <= denying
    assert {"yes", "no", "latest", "increased", "decreased", "recorded", "value", "patient"} <= english
