"""Conversations of two and three turns -> the tool calls of the last turn."""

from planning import (
    Row,
    compare,
    costs,
    find,
    measure,
    notes,
    plan,
    profile,
    right,
    tally,
    timeline,
)

A1C = "What was her last HbA1c?"
METFORMIN = "Is she on metformin?"
DIABETES = "Does she have diabetes?"
VISIT = "When was her last visit?"
EMERGENCY = "How many ER visits did she have?"
ADMITTED = "When was she last admitted?"
SHOT = "When was her last flu shot?"
PRESSURE = "What is her blood pressure?"
DRUGS = "What medications is she taking?"
HIGHEST = "What was the highest glucose?"
ABOVE = "Was her A1c ever above 8?"
DIZZY = "What do the notes say about dizziness?"

OTHER_TIMES: list[Row] = [
    (A1C, "and before that?", measure("a1c", period="before 2021-02-11")),
    (A1C, "And before that?", "and before that?", measure("a1c", period="before 2020-03-10")),
    (A1C, "the one before?", measure("a1c", period="before 2021-02-11")),
    (A1C, "and in 2019?", measure("a1c", period="in 2019")),
    (A1C, "in 2019?", measure("a1c", period="in 2019")),
    (A1C, "what about 2020?", measure("a1c", period="in 2020")),
    (A1C, "what about his LDL?", "in 2019?", measure("ldl", period="in 2019")),
    (A1C, "and the LDL?", "and before that?", measure("ldl", period="before 2020-03-10")),
    (A1C, "and before starting insulin?", measure("a1c", period="before starting insulin")),
    (
        SHOT,
        "and before that?",
        find("immunization", "flu", period="before 2020-10-05", give="date", pick="last"),
    ),
    (VISIT, "and the one before?", find("encounter", period="before 2021-02-11", give="date", pick="last")),
    (EMERGENCY, "since 2018?", find("encounter", category="emergency", period="since 2018", give="count")),
    (DRUGS, "and in the past?", find("medication", status="past")),
    ("What happened in 2019?", "and in 2020?", timeline("in 2020")),
    ("What happened in 2019?", "and the year before?", timeline("in 2018")),
    ("What was billed in 2019?", "and in 2021?", costs(period="in 2021")),
    ("What was her first A1c?", "and after that?", measure("a1c", period="after 2019-05-02", pick="first")),
    ("What was her A1c in 2020?", "and ever since?", measure("a1c", period="since 2020")),
]
OTHER_THINGS: list[Row] = [
    (A1C, "what about his LDL?", measure("ldl")),
    (A1C, "and creatinine?", measure("creatinine")),
    (A1C, "LDL?", measure("ldl")),
    (METFORMIN, "and insulin?", find("medication", "insulin", status="active", give="exists")),
    (METFORMIN, "what about a statin?", find("medication", "statin", status="active", give="exists")),
    (METFORMIN, "was she ever on simvastatin?", find("medication", "simvastatin", give="exists")),
    (DIABETES, "and hypertension?", find("condition", "hypertension", status="active", give="exists")),
    (EMERGENCY, "and admissions?", find("encounter", category="inpatient", give="count")),
    (SHOT, "and tetanus?", find("immunization", "tetanus", give="date", pick="last")),
    ("Has she had a colonoscopy?", "and an appendectomy?", find("procedure", "appendectomy", give="exists")),
    (PRESSURE, "and her pulse?", measure("pulse")),
    (PRESSURE, "just the systolic", measure("systolic")),
    ("What was her A1c in 2020?", "and the glucose?", measure("glucose", period="in 2020")),
    (
        "When did she start insulin?",
        "and metformin?",
        find("medication", "metformin", give="date", pick="first"),
    ),
    (DIZZY, "and smoking?", notes("smoking")),
    (DRUGS, "and allergies?", find("allergy")),
]
OTHER_QUESTIONS: list[Row] = [
    (A1C, "when was that?", measure("a1c", give="date")),
    (A1C, "When?", measure("a1c", give="date")),
    (A1C, "and the highest?", measure("a1c", pick="max")),
    (A1C, "and the first?", measure("a1c", pick="first")),
    (A1C, "what's the average?", measure("a1c", statistic="mean")),
    (A1C, "how often was it measured?", measure("a1c", statistic="count")),
    (A1C, "is it rising?", measure("a1c", statistic="trend", test="above", limits=[0.0])),
    (A1C, "trend?", measure("a1c", statistic="trend")),
    (A1C, "was it ever above 8?", measure("a1c", how="any", test="above", limits=[8.0])),
    (A1C, "is that high?", measure("a1c", pick="last", test="high", how="all")),
    (A1C, "show all of them", measure("a1c", pick="all")),
    (A1C, "who ordered it?", find("observation", "a1c", give="attribute", part="who", pick="last")),
    (METFORMIN, "why?", find("medication", "metformin", status="active", give="attribute", part="reason")),
    (
        METFORMIN,
        "Why is she on it?",
        find("medication", "metformin", status="active", give="attribute", part="reason"),
    ),
    (
        METFORMIN,
        "when did it start?",
        find("medication", "metformin", status="active", give="date", pick="first"),
    ),
    (METFORMIN, "since when?", find("medication", "metformin", status="active", give="date", pick="first")),
    (
        METFORMIN,
        "who prescribed it?",
        find("medication", "metformin", status="active", give="attribute", part="who"),
    ),
    (
        METFORMIN,
        "what dose?",
        find("medication", "metformin", status="active", give="attribute", part="dose", pick="last"),
    ),
    (
        METFORMIN,
        "how long has she been on it?",
        find("medication", "metformin", status="active", give="duration", pick="first"),
    ),
    (
        DRUGS,
        "why is she on metformin?",
        "when did it start?",
        find("medication", "metformin", give="date", pick="first"),
    ),
    (DRUGS, "how many are there?", find("medication", status="active", give="count")),
    (DRUGS, "which ones for diabetes?", find("medication", status="active", reason="diabetes")),
    (DIABETES, "since when?", find("condition", "diabetes", give="date", pick="first")),
    (DIABETES, "how old was she?", find("condition", "diabetes", give="age", pick="first")),
    (DIABETES, "is it active?", find("condition", "diabetes", status="active", give="exists")),
    (DIABETES, "what does she take for it?", find("medication", status="active", reason="diabetes")),
    (DIABETES, "how long has she had it?", find("condition", "diabetes", give="duration", pick="first")),
    (VISIT, "why?", find("encounter", give="attribute", part="reason", pick="last")),
    (VISIT, "who did she see?", find("encounter", give="attribute", part="who", pick="last")),
    (VISIT, "where was it?", find("encounter", give="attribute", part="where", pick="last")),
    (VISIT, "what was done?", timeline("at the last visit")),
    (EMERGENCY, "when was the last one?", find("encounter", category="emergency", give="date", pick="last")),
    (EMERGENCY, "why?", find("encounter", category="emergency", give="attribute", part="reason")),
    (
        ADMITTED,
        "how long did she stay?",
        find("encounter", category="inpatient", give="duration", pick="last"),
    ),
    (
        ADMITTED,
        "what for?",
        find("encounter", category="inpatient", give="attribute", part="reason", pick="last"),
    ),
    (
        ADMITTED,
        "which hospital?",
        find("encounter", category="inpatient", give="attribute", part="where", pick="last"),
    ),
    (ADMITTED, "when was she discharged?", find("encounter", category="inpatient", give="end", pick="last")),
    (ADMITTED, "what was she diagnosed with?", find("condition", period="during the last admission")),
    (SHOT, "how many has she had?", find("immunization", "flu", give="count")),
    ("Any allergies?", "what reaction?", find("allergy", give="attribute", part="reaction")),
    ("Any allergies?", "how severe is it?", find("allergy", give="attribute", part="severity")),
    ("What procedures has she had?", "when was the last one?", find("procedure", give="date", pick="last")),
    ("Has she had a colonoscopy?", "when?", find("procedure", "colonoscopy", give="date")),
    (
        "Has she had a colonoscopy?",
        "who did it?",
        find("procedure", "colonoscopy", give="attribute", part="who"),
    ),
    (PRESSURE, "highest ever?", measure("blood pressure", pick="max")),
    ("What was billed in 2019?", "how much did she pay?", costs("out of pocket", period="in 2019")),
    (DIZZY, "in 2021?", notes("dizziness", period="in 2021")),
    (HIGHEST, "and the lowest?", measure("glucose", pick="min")),
    (HIGHEST, "when was that?", measure("glucose", give="date", pick="max")),
    (ABOVE, "when?", measure("a1c", give="date", pick="all", test="above", limits=[8.0])),
    (ABOVE, "and above 9?", measure("a1c", how="any", test="above", limits=[9.0])),
    (ABOVE, "how often?", measure("a1c", statistic="count", test="above", limits=[8.0])),
    (
        "When did she start insulin?",
        "what was her A1c before that?",
        measure("a1c", period="before 2019-08-01"),
    ),
    (
        "When did she start insulin?",
        "how old was she then?",
        find("medication", "insulin", give="age", pick="first"),
    ),
    (
        "When did she start insulin?",
        "was that before her pneumonia?",
        *compare("insulin", "before", "pneumonia"),
    ),
]
A_NEW_START: list[Row] = [
    (A1C, "What are her active problems?", find("condition", status="active")),
    (A1C, "How old is she?", profile("age")),
    ("How old is she?", A1C, measure("a1c")),
    ("How old is she?", "and where does she live?", profile("city")),
    ("How old is she?", "is she married?", profile("marital status", said="married")),
    ("What was her A1c in 2020?", "What is her latest creatinine?", measure("creatinine")),
    ("Is her asthma active?", "Has she ever had pneumonia?", find("condition", "pneumonia", give="exists")),
    (DRUGS, "What was her first A1c?", measure("a1c", pick="first")),
    (A1C, "What is her zorblax level?", measure("zorblax")),
]
A_CHOICE_BEFORE: list[Row] = [
    ("Average LDL?", "and creatinine?", measure("creatinine", statistic="mean")),
    ("Average LDL?", "and her medications?", find("medication")),
    ("Was the second most recent LDL above 100?", "and creatinine?", measure("creatinine", pick="nth", n=-2)),
    ("What unit is LDL in?", "and her allergies?", find("allergy")),
    (DIABETES, "and the LDL?", measure("ldl", how="any")),
    (HIGHEST, "and her medications?", find("medication")),
    ("Has her LDL gone up?", "and creatinine?", measure("creatinine", statistic="change", test="above", limits=[0.0])),
    ("Has her LDL gone up?", "and asthma?", find("condition", "asthma", give="exists")),
]  # fmt: skip
TALK: list[Row] = [(A1C, "thanks"), (A1C, "ok"), (A1C, "Thank you very much!")]
NOTHING_OF_IT: list[Row] = [
    (A1C, "how is she"),
    ("When was her last visit?", "show me everything"),
    (DRUGS, "delete her record"),
]
CONVERSATIONS = (
    OTHER_TIMES + OTHER_THINGS + A_CHOICE_BEFORE + OTHER_QUESTIONS + A_NEW_START + TALK + NOTHING_OF_IT
)


RIGHT, SERVED, WRONG = 0.68, 0.82, 0.06


def test_the_last_question_leans_on_those_before_it() -> None:
    found = tally(CONVERSATIONS)
    share, served, wrong = found.shares()
    assert (share >= RIGHT, served >= SERVED, wrong <= WRONG) == (True,) * 3, (
        f"{found.shares()}\n{found.missed()}"
    )


def test_a_conversation_of_version_0_1_goes_on() -> None:
    kept = {
        "topic": "measure",
        "concept": "LDL",
        "turns": [{"question": "What was her last LDL?", "answer": "The last LDL was 96 mg/dL."}],
    }
    assert right(plan("and creatinine?", kept), [measure("creatinine")])
