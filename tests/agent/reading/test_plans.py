"""Questions about one woman -> the tool calls they should become, by kind of question."""

import pytest
from planning import (
    Either,
    Row,
    compare,
    costs,
    either,
    find,
    measure,
    notes,
    overview,
    parted,
    plan,
    profile,
    record,
    tally,
    timeline,
    together,
)

from tools.calls.catalogue import Call
from tools.calls.errors import BadArgument
from tools.calls.program import run, run_plan


def _detail(drug: str, part: str) -> Call:
    return find("medication", drug, give="attribute", part="own reason" if part == "reason" else part)


def _has(problem: str) -> Call:
    return find("condition", problem, status="active", give="exists")


def _payer(**more: str) -> Call:
    return find("coverage", give="attribute", part="payer", **more)


def _visit_of(drug: str) -> Call:
    return find("medication", drug, give="attribute", part="visit", pick="last")


PERSON: list[Row] = [
    ("How old is she?", profile("age")),
    ("What is her age?", profile("age")),
    ("how old am i", profile("age")),
    ("When was the patient born?", profile("birth date")),
    ("What's my date of birth on file?", profile("birth date")),
    ("DOB?", profile("birth date")),
    ("Is the patient male or female?", profile("gender")),
    ("What sex is recorded for her?", profile("gender")),
    ("Where does she live?", profile("city")),
    ("What's her home address?", profile("address")),
    ("Which phone number do you have for me?", profile("phone")),
    ("Is she still alive?", either(profile("alive"), profile("deceased"))),
    ("Has the patient died?", either(profile("deceased"), profile("alive"))),
    ("Is she married?", profile("marital status", said="married")),
    ("Which language does she speak?", profile("language")),
    ("Who is her primary care doctor?", profile("practitioner")),
    ("Who's on her care team?", profile("care team")),
    ("Who insures her?", profile("insurance")),
    ("What's the patient's email?", profile("email")),
    ("What is the name of the patient?", profile("name")),
    ("What was her surname before she got married?", profile("maiden name")),
    ("List the members of her active care teams.", profile("care team")),
    ("How many care teams look after me at present?", find("care team", status="active", give="count")),
    ("Is Los Angeles the city in my address?", profile("city", said="Los Angeles")),
    ("Resident of New York?", profile("city", said="New York")),
    ("Am I registered at an address in Los Angeles?", profile("address", said="Los Angeles")),
    ("Is her home address in springfield?", profile("address", said="springfield")),
    ("Was she born in Boston?", profile("birth place", said="Boston")),
    ("Was she born in March?", profile("birth date")),
    ("Is the address still 1 Elm St?", profile("address", said="1 Elm St")),
    ("Is my address in the record?", profile("address")),
    ("Is the state in her address Ohio?", profile("state", said="Ohio")),
    ("Speaks Spanish?", profile("language", said="Spanish")),
    ("Is her language recorded as Mandarin Chinese?", profile("language", said="Mandarin Chinese")),
    ("Have I already had my 70th birthday?", profile("age", said="70")),
    ("Is she 60 yet?", profile("age", said="60")),
    ("Aged 75 or above?", profile("age", said="75")),
    ("Do you have 555-0100 as my number?", profile("phone", said="555-0100")),
    ("Is she over 65?", profile("age", said="65")),
    ("Is she younger than 40?", profile("age", said="under 40")),
    ("Is her age at or above 60?", profile("age", said="60")),
    ("Widowed: is that my marital status as registered?", profile("marital status", said="Widowed")),
    ("In which town was she born?", profile("birth place")),
    ("Would 955-666-1000 be the number to ring her on?", profile("phone", said="955-666-1000")),
    ("Do the demographics say she has passed away?", profile("deceased")),
    (
        "Has Kaiser Permanente been her insurer at any point?",
        find("coverage", "Kaiser Permanente", give="exists"),
    ),
    ("Is the patient listed as Hispanic or not?", profile("ethnicity")),
    ("Insurer as of 1990-12-15?", find("coverage", period="on 1990-12-15")),
]
INSURANCE: list[Row] = [
    ("Which insurers has she had so far?", either(find("coverage"), _payer())),
    (
        "Which insurer does my record name first, by date?",
        either(find("coverage", pick="first"), _payer(pick="first")),
    ),
    ("Who insured her in 2016?", either(find("coverage", period="in 2016"), _payer(period="in 2016"))),
    ("Which plan did she have in 2016?", find("coverage", period="in 2016", give="attribute", part="plan")),
    ("What is the name of the current insurance plan?", profile("insurance plan")),
    ("Ever covered by Kaiser Permanente?", find("coverage", "Kaiser Permanente", give="exists")),
    ("Is Aetna her current insurer?", find("coverage", "Aetna", status="active", give="exists")),
    ("Is she covered by Aetna?", find("coverage", "Aetna", status="active", give="exists")),
    ("Is Aetna among the insurers in my record?", find("coverage", "Aetna", give="exists")),
    ("When did her current insurance start?", find("coverage", status="active", give="date")),
    ("Who was her previous insurer?", find("coverage", status="past", pick="last")),
    ("Is she insured?", either(find("coverage", status="active", give="exists"), profile("insurance"))),
    ("When did I join aetna?", find("coverage", "aetna", give="date")),
    ("When did my insurance with medicaid begin?", find("coverage", "medicaid", give="date")),
    ("What is the end date of her Aetna coverage?", find("coverage", "Aetna", give="end", pick="last")),
    (
        "For how many complete years did aetna cover the patient?",
        find("coverage", "aetna", give="duration", unit="years"),
    ),
    ("Full years under Aetna?", find("coverage", "Aetna", give="duration", unit="years")),
    (
        "How long was she insured with Aetna, in full years?",
        find("coverage", "Aetna", give="duration", unit="years"),
    ),
    ("Counting each company once, how many insurers have I had?", find("coverage", give="distinct")),
    ("How many insurance policies are there?", find("coverage", give="count")),
]
PROBLEMS: list[Row] = [
    ("What are her active problems?", find("condition", status="active")),
    ("Problem list please", find("condition", status="active")),
    ("What conditions does she currently have?", find("condition", status="active")),
    ("List every diagnosis she has ever had.", find("condition")),
    ("Which of her problems have resolved?", find("condition", status="past")),
    ("Does she have diabetes?", find("condition", "diabetes", status="active", give="exists")),
    ("Has she ever had pneumonia?", find("condition", "pneumonia", give="exists")),
    ("is she diabetic", find("condition", "diabetic", status="active", give="exists")),
    ("Any history of asthma?", find("condition", "asthma", give="exists")),
    ("Was I ever diagnosed with gout?", find("condition", "gout", give="exists")),
    (
        "Does she have high blood pressure?",
        find("condition", "high blood pressure", status="active", give="exists"),
    ),
    ("When was her diabetes diagnosed?", find("condition", "diabetes", give="date", pick="first")),
    ("When did the hypertension start?", find("condition", "hypertension", give="date", pick="first")),
    ("since when does she have asthma?", find("condition", "asthma", give="date", pick="first")),
    ("How old was she when asthma was diagnosed?", find("condition", "asthma", give="age", pick="first")),
    ("At what age did I get diabetes?", find("condition", "diabetes", give="age", pick="first")),
    ("How long has she had hypertension?", find("condition", "hypertension", give="duration", pick="first")),
    ("When did the bronchitis resolve?", find("condition", "bronchitis", give="end", pick="last")),
    ("How long did the appendicitis last?", find("condition", "appendicitis", give="duration", pick="last")),
    ("Is her asthma still active?", find("condition", "asthma", status="active", give="exists")),
    ("How many conditions has she been diagnosed with?", find("condition", give="count")),
    ("What was she diagnosed with in 2019?", find("condition", period="in 2019")),
    ("Any new diagnoses since 2018?", find("condition", period="since 2018", give="exists")),
    ("What was her first ever diagnosis?", find("condition", pick="first")),
    ("What is the most recent problem recorded?", find("condition", pick="last")),
    ("how many times did she have bronchitis", find("condition", "bronchitis", give="count")),
    ("Does she have diabtes?", find("condition", "diab", status="active", give="exists")),
    ("What chronic illnesses does the patient have?", find("condition", status="active")),
    ("What is wrong with me at the moment?", find("condition", status="active")),
    ("Does she have a lung condition?", find("condition", "lung condition", status="active", give="exists")),
    ("Is the bronchitis resolved?", find("condition", "bronchitis", give="over")),
    (
        "Did the pneumonia clear up?",
        either(
            find("condition", "pneumonia", give="over"),
            find("condition", "pneumonia", give="attribute", part="status"),
        ),
    ),
    ("What are her comorbidities?", find("condition", status="active")),
    ("pmh?", find("condition")),
    ("Past medical history", find("condition")),
    ("How many active problems are there?", find("condition", status="active", give="count")),
    ("What is the status of her asthma?", find("condition", "asthma", give="attribute", part="status")),
    (
        "What was she treated for in 2018?",
        either(
            find("condition", period="in 2018"),
            find("encounter", period="in 2018", give="attribute", part="reason"),
        ),
    ),
    (
        "Did she get diabetes before she was 50?",
        find("condition", "diabetes", period="before she was 50", give="exists"),
    ),
    ("Did I already have asthma in 1980?", *compare("asthma", "during", "1980")),
    ("Which condition has she had longest?", find("condition", pick="first")),
]
DRUGS: list[Row] = [
    ("What medications is she taking?", find("medication", status="active")),
    ("Current meds?", find("medication", status="active")),
    ("med list", find("medication", status="active")),
    ("Which drugs am I on right now?", find("medication", status="active")),
    (
        "What has she been prescribed in the past two years?",
        find("medication", period="in the past two years"),
    ),
    ("List all medications ever prescribed.", find("medication")),
    (
        "Which medicines has she stopped taking?",
        either(find("medication", status="past"), find("medication", status="stopped")),
    ),
    ("Is she on metformin?", find("medication", "metformin", status="active", give="exists")),
    ("is pt still taking lisinopril", find("medication", "lisinopril", status="active", give="exists")),
    ("Has she ever been on a statin?", find("medication", "statin", give="exists")),
    ("Was simvastatin ever prescribed?", find("medication", "simvastatin", give="exists")),
    ("Did I ever get amoxicillin?", find("medication", "amoxicillin", give="exists")),
    ("Is she on any blood thinners?", find("medication", "blood thinner", status="active", give="exists")),
    ("When was metformin started?", find("medication", "metformin", give="date", pick="first")),
    ("When did she go on insulin?", find("medication", "insulin", give="date", pick="first")),
    ("When was albuterol last prescribed?", find("medication", "albuterol", give="date", pick="last")),
    ("How often has amoxicillin been prescribed?", find("medication", "amoxicillin", give="count")),
    ("How many prescriptions did she get in 2012?", find("medication", period="in 2012", give="count")),
    (
        "What dose of metformin is she on?",
        either(
            find("medication", "metformin", give="attribute", part="dose", pick="last"),
            find("medication", "metformin", status="active", give="attribute", part="dose", pick="last"),
            find("medication", "metformin", status="active", give="attribute", part="dose"),
        ),
    ),
    (
        "How should lisinopril be taken?",
        find("medication", "lisinopril", give="attribute", part="dose", pick="last"),
    ),
    (
        "Why is she on metformin?",
        either(
            find("medication", "metformin", status="active", give="attribute", part="reason"),
            find("medication", "metformin", give="attribute", part="reason"),
        ),
    ),
    (
        "What was simvastatin prescribed for?",
        find("medication", "simvastatin", give="attribute", part="reason"),
    ),
    ("Who prescribed the insulin?", find("medication", "insulin", give="attribute", part="who")),
    ("What does she take for her asthma?", find("medication", status="active", reason="asthma")),
    (
        "Which medications is she on for diabetes?",
        find("medication", status="active", reason="diabetes"),
    ),
    ("What was the first medication she was prescribed?", find("medication", pick="first")),
    ("What's the latest drug prescribed?", find("medication", pick="last")),
    ("How many active medications are there?", find("medication", status="active", give="count")),
    ("Was she prescribed anything in 2018?", find("medication", period="in 2018", give="exists")),
    ("Is simvastatin active or stopped?", find("medication", "simvastatin", give="attribute", part="status")),
    ("does she use an inhaler", find("medication", "inhaler", status="active", give="exists")),
    (
        "was metformn prescribed since 2010?",
        find("medication", "metformin", period="since 2010", give="exists"),
    ),
    ("How long has she been on metformin?", find("medication", "metformin", give="duration", pick="first")),
    (
        "What is the indication for lisinopril?",
        find("medication", "lisinopril", give="attribute", part="reason"),
    ),
    (
        "What is she taking insulin for?",
        either(
            find("medication", "insulin", status="active", give="attribute", part="reason"),
            find("medication", "insulin", give="attribute", part="reason"),
        ),
    ),
    (
        "What's the strength of her metformin?",
        find("medication", "metformin", give="attribute", part="dose", pick="last"),
    ),
    (
        "How many pills of metformin a day?",
        find("medication", "metformin", give="attribute", part="dose", pick="last"),
    ),
    (
        "Is she taking anything for blood pressure?",
        either(
            find("medication", "blood pressure", status="active", give="exists"),
            find("medication", status="active", reason="blood pressure", give="exists"),
        ),
    ),
    ("What antibiotics has she had?", find("medication", "antibiotic")),
    ("Is she on an ACE inhibitor?", find("medication", "ACE inhibitor", status="active", give="exists")),
    ("Was she on metformin in 2015?", *compare("metformin", "during", "2015")),
    ("Does she use insulin?", find("medication", "insulin", status="active", give="exists")),
    ("When did she stop simvastatin?", find("medication", "simvastatin", give="end", pick="last")),
    ("Who prescribed metformin?", find("medication", "metformin", give="attribute", part="who")),
    ("When was the last prescription?", find("medication", give="date", pick="last")),
    (
        "Was anything prescribed at the last visit?",
        find("medication", period="at the last visit", give="exists"),
    ),
    (
        "What medications were started during the last admission?",
        find("medication", period="during the last admission"),
    ),
    ("Did she ever stop metformin?", find("medication", "metformin", give="over")),
    ("Which drug has she been on the longest?", find("medication", status="active", pick="first")),
    (
        "Was metformin prescribed within 30 days of the diabetes diagnosis?",
        find("medication", "metformin", period="within 30 days of the diabetes diagnosis", give="exists"),
    ),
    (
        "What was started after diabetes was diagnosed?",
        find("medication", period="after diabetes was diagnosed"),
    ),
]
ORDERS: list[Row] = [
    (
        "When was metformin 500 mg first ordered?",
        find("medication", "metformin 500 mg", give="date", pick="first"),
    ),
    ("How many scripts for 500 mg of metformin?", find("medication", "500 mg of metformin", give="count")),
    ("How many tablets of metformin 500mg at once?", _detail("metformin 500mg", "at a time")),
    ("For each dose of metformin, how many tablets was she told to take?", _detail("metformin", "at a time")),
    ("Metformin tablets per dose?", _detail("metformin", "at a time")),
    ("Metformin, times per day?", _detail("metformin", "times a day")),
    ("Was the albuterol PRN?", _detail("albuterol", "as needed")),
    ("Am I meant to use albuterol only when I need it?", _detail("albuterol", "as needed")),
    ("Albuterol ordered as needed?", _detail("albuterol", "as needed")),
    ("Which drugstore gave me the metformin?", _detail("metformin", "pharmacy")),
    ("Where did I pick up my metformin?", _detail("metformin", "pharmacy")),
    ("How often may the metformin be refilled?", _detail("metformin", "refills")),
    ("What reason is recorded on the metformin prescription itself?", _detail("metformin", "reason")),
    ("Metformin order: stated reason?", _detail("metformin", "reason")),
    ("Does the metformin script name a diagnosis, and which?", _detail("metformin", "reason")),
    ("Is a reason given on the metformin order?", _detail("metformin", "reason")),
    (
        "For which condition was I prescribed metformin?",
        find("medication", "metformin", give="attribute", part="reason"),
    ),
    (
        "What illness was metformin prescribed for?",
        find("medication", "metformin", give="attribute", part="reason"),
    ),
    ("Which prescriptions give asthma as their reason?", find("medication", reason="asthma")),
    ("What did they give her for asthma?", find("medication", reason="asthma")),
    (
        "Why was simvastatin stopped?",
        either(
            _detail("simvastatin", "stopped because"),
            find("medication", "simvastatin", status="past", give="attribute", part="stopped because"),
        ),
    ),
    ("Any refills left on the metformin?", _detail("metformin", "refills")),
    ("When does my metformin run out?", find("medication", "metformin", give="end", pick="last")),
    ("Simvastatin d/c'd?", find("medication", "simvastatin", give="over")),
    ("Metformin ever prescribed?", find("medication", "metformin", give="exists")),
    ("Still on metformin?", find("medication", "metformin", status="active", give="exists")),
    (
        "Did they take me off simvastatin?",
        find("medication", "simvastatin", give="over"),
    ),
    ("What type of visit was it when she was last prescribed metformin?", _visit_of("metformin")),
    ("What was the type of the encounter at which metformin was last ordered?", _visit_of("metformin")),
    (
        "How many administrations of metformin are recorded?",
        find("administration", "metformin", give="count"),
    ),
]
NOT_THERE: list[Row] = [
    ("Has she had a PET scan?", find("procedure", "PET scan", give="exists")),
    ("Was a gallium scan ever done?", find("procedure", "gallium scan", give="exists")),
    ("Gonioscopy ever performed?", find("procedure", "gonioscopy", give="exists")),
    ("When did I last get the plague vaccine?", find("immunization", "plague", give="date", pick="last")),
    ("Anthrax vaccine: how many doses?", find("immunization", "anthrax", give="count")),
    ("H/o malaria?", find("condition", "malaria", give="exists")),
    ("Hemophilia, ever?", find("condition", "hemophilia", give="exists")),
    ("PMH of psoriasis?", find("condition", "psoriasis", give="exists")),
    (
        "When is my next blood draw?",
        find("observation", category="laboratory", period="after today", give="date"),
    ),
    ("When is her next A1c due?", measure("A1c", period="after today", give="date", pick="all")),
    (
        "When do I have to come in for my next colonoscopy?",
        find("procedure", "colonoscopy", period="after today", give="date"),
    ),
    ("On what day was I free of bronchitis?", find("condition", "bronchitis", give="end", pick="last")),
    ("Bronchitis abated on?", find("condition", "bronchitis", give="end", pick="last")),
    ("How high was her glucose when it was last checked?", measure("glucose", pick="last")),
    ("Urodynamics: when?", find("condition", "urodynamics", give="date")),
]
LABS: list[Row] = [
    ("What was her last HbA1c?", measure("a1c")),
    ("Latest A1c", measure("a1c")),
    ("most recent hba1c value pls", measure("a1c")),
    ("what's my sugar?", measure("sugar")),
    ("Creatinine?", measure("creatinine")),
    ("What was the first LDL?", measure("ldl", pick="first")),
    ("highest a1c ever", measure("a1c", pick="max")),
    ("What is the lowest creatinine on record?", measure("creatinine", pick="min")),
    ("Mean glucose since 2019", measure("glucose", period="since 2019", statistic="mean")),
    ("What has her LDL averaged?", measure("ldl", statistic="mean")),
    ("How often was the HbA1c measured?", measure("a1c", statistic="count")),
    (
        "How many glucose readings were there in 2019?",
        measure("glucose", period="in 2019", statistic="count"),
    ),
    ("When was her A1c last checked?", measure("a1c", give="date")),
    ("When was creatinine first measured?", measure("creatinine", give="date", pick="first")),
    ("What was her A1c in 2020?", measure("a1c", period="in 2020")),
    ("What was my LDL cholesterol on 2020-03-10?", measure("ldl", period="on 2020-03-10")),
    ("How has her A1c changed?", measure("a1c", statistic="change")),
    ("By how much did the LDL drop?", measure("ldl", statistic="change")),
    ("Is her A1c getting better?", measure("a1c", statistic="trend")),
    ("A1c trend", measure("a1c", statistic="trend")),
    ("Is the creatinine rising?", measure("creatinine", statistic="trend", test="above", limits=[0.0])),
    ("Has her HbA1c ever been above 8?", measure("a1c", how="any", test="above", limits=[8.0])),
    (
        "Was the glucose ever over 150 mg/dL?",
        measure("glucose", how="any", test="above", limits=["150 mg/dL"]),
    ),
    ("Has her A1c ever been below 7 %?", measure("a1c", how="any", test="below", limits=["7 %"])),
    (
        "How many times was glucose greater than 150?",
        measure("glucose", statistic="count", test="above", limits=[150.0]),
    ),
    ("Which A1c values were above 7?", measure("a1c", pick="all", test="above", limits=[7.0])),
    ("When was the A1c above 8?", measure("a1c", give="date", pick="all", test="above", limits=[8.0])),
    ("Was creatinine ever abnormal?", measure("creatinine", how="any", test="out of range")),
    ("Were all her A1c values above 6?", measure("a1c", test="above", limits=[6.0], how="all")),
    ("Is her LDL high?", measure("ldl", pick="last", test="high", how="all")),
    ("Has an LDL ever been done?", measure("ldl", how="any")),
    ("List all her A1c values.", measure("a1c", pick="all")),
    ("Show me every creatinine result", measure("creatinine", pick="all")),
    ("Which labs were done in 2021?", find("observation", category="laboratory", period="in 2021")),
    ("When was her last lab test?", find("observation", category="laboratory", give="date", pick="last")),
    (
        "Did she have any lab tests last year?",
        find("observation", category="laboratory", period="last year", give="exists"),
    ),
    ("What was her A1c before starting insulin?", measure("a1c", period="before starting insulin")),
    ("last HbA1C befor 2020?", measure("a1c", period="before 2020")),
    ("How old was she when her A1c was first measured?", measure("a1c", give="age", pick="first")),
    ("What was the A1c the first time it was checked?", measure("a1c", pick="first")),
    ("When the A1c was first measured, what was it?", measure("a1c", pick="first")),
    ("How high was her A1c the last time it was checked?", measure("a1c")),
    ("What is her second most recent A1c?", measure("a1c", pick="nth", n=-2)),
    ("A1c before the latest one?", measure("a1c", pick="nth", n=-2)),
    ("What was my LDL the time before last?", measure("ldl", pick="nth", n=-2)),
    ("What was her previous A1c, the one before the last?", measure("a1c", pick="nth", n=-2)),
    ("In what unit is her A1c recorded?", measure("a1c", give="unit", pick="all")),
    ("Units of creatinine?", measure("creatinine", give="unit", pick="all")),
    ("On how many days was her glucose checked?", measure("glucose", give="date", statistic="count")),
    ("How many different days have glucose readings?", measure("glucose", give="date", statistic="count")),
    (
        "Is her latest A1c within the reference range?",
        measure("a1c", test="in range", pick="last", how="all"),
    ),
    ("Latest A1c within range?", measure("a1c", test="in range", pick="last", how="all")),
    ("Was the last LDL above 130?", measure("ldl", test="above", limits=[130.0], pick="last", how="all")),
    (
        "Was my A1c in the normal range the last time it was checked?",
        measure("a1c", test="in range", pick="last", how="all"),
    ),
    ("Does metformin appear among what she was prescribed?", find("medication", "metformin", give="exists")),
    ("Lowest LDL? for the trend note", measure("ldl", pick="min")),
    ("Units, LDL?", measure("ldl", give="unit", pick="all")),
    (
        "LDL: does her newest value exceed the previous one?",
        *compare("measure: last ldl", "higher", "measure: previous ldl"),
    ),
    ("Newest LDL inside the ref range?", measure("ldl", test="in range", pick="last", how="all")),
    (
        "By the time asthma was first diagnosed, had she had eczema?",
        *compare("condition: eczema", "before", "condition: asthma"),
    ),
    (
        "# ED visits preceding initial dx of asthma",
        find("encounter", category="emergency", period="before first diagnosis of asthma", give="count"),
    ),
    ("What was found when LDL was last tested?", measure("ldl")),
    ("I'd like to know what her LDL was when last taken.", measure("ldl")),
    ("When they last took it, what was her LDL?", measure("ldl")),
    ("When was her LDL last taken?", measure("ldl", give="date")),
    ("Could you look up when her LDL was last taken?", measure("ldl", give="date")),
    ("While you are at it, could you look up her last LDL?", measure("ldl")),
    ("Can I have the day of her highest LDL?", measure("ldl", give="date", pick="max")),
    ("Show me the unit of her LDL.", measure("ldl", give="unit", pick="all")),
    ("What was her LDL at the next-to-last measurement?", measure("ldl", pick="nth", n=-2)),
    ("Her last LDL I know. What was the one before that?", measure("ldl", pick="nth", n=-2)),
    ("LDL: latest WNL?", measure("ldl", test="in range", pick="last", how="all")),
    (
        "Can you give me the BP of 4 January 2019, systolic and diastolic?",
        measure("bp", period="of 4 january 2019"),
    ),
    ("Is there any LDL above its reference range?", measure("ldl", how="any", test="high")),
    ("creatinine ever below normal limits?", measure("creatinine", how="any", test="low")),
    (
        "Any recent glucose above 150?",
        measure("glucose", period="recent", how="any", test="above", limits=[150.0]),
    ),
    (
        "What was the LDL in her last lipid panel report?",
        measure("ldl", period="in the last lipid panel report"),
    ),
    ("Albumin [Mass/volume] in Serum or Plasma, lowest?", measure("albumin [mass/volume]", pick="min")),
    (
        "When was carbon dioxide, total first measured?",
        measure("carbon dioxide, total", give="date", pick="first"),
    ),
    ("Difference between the first and the last HbA1c", measure("a1c", statistic="change")),
    ("max glucose 2019", measure("glucose", period="in 2019", pick="max")),
    ("whats the pts latest creatinin", measure("creatinin")),
    ("What's the trend in her kidney function?", measure("kidney function", statistic="trend")),
    ("What was in the last lipid panel?", measure("lipid panel")),
    ("last metabolic panel", measure("metabolic panel")),
    ("Show abnormal labs", measure("lab", pick="all", test="out of range")),
    (
        "When did the A1c first go above 7?",
        measure("a1c", give="date", pick="first", test="above", limits=[7.0]),
    ),
    ("When was the A1c last below 7?", measure("a1c", give="date", test="below", limits=[7.0])),
    ("In which year was her A1c highest?", measure("a1c", give="date", pick="max")),
    ("How often was the A1c above 8?", measure("a1c", statistic="count", test="above", limits=[8.0])),
    (
        "Was glucose under 130 mg/dL in 2021?",
        measure("glucose", period="in 2021", how="any", test="below", limits=["130 mg/dL"]),
    ),
    ("glucose values > 150 mg/dl", measure("glucose", pick="all", test="above", limits=["150 mg/dl"])),
    ("Creatinine above 1 mg/dL ever?", measure("creatinine", how="any", test="above", limits=["1 mg/dL"])),
    ("Any LDL over 130mg/dL?", measure("ldl", how="any", test="above", limits=["130 mg/dL"])),
    (
        "What was her A1c around the time she was admitted?",
        *compare("a1c", "around", "last admission"),
    ),
    ("When did she last have her kidneys checked?", measure("kidney", give="date")),
    ("How recent is her last creatinine?", measure("creatinine", give="date")),
    (
        "How long ago was the last A1c?",
        measure("a1c"),
        Call("calculate", {"operation": "duration", "of": ["a", "now"]}),
    ),
    (
        "Has an HbA1c been done in the past 6 months?",
        measure("a1c", period="in the past 6 months", how="any"),
    ),
    ("any a1c this year", measure("a1c", period="this year", how="any", test="found")),
    ("A1c at time of insulin start?", *compare("a1c", "around", "insulin")),
    ("How did her A1c respond to insulin?", *compare("a1c", "around", "insulin")),
    ("A1c before and after insulin", *compare("a1c", "around", "insulin")),
]
WEIGHTS = (measure("weight", period="in 2015"), measure("weight", period="in 2019"))
VITALS: list[Row] = [
    ("What is her blood pressure?", measure("blood pressure")),
    ("Last BP?", measure("bp")),
    ("What was the last BP, systolic and diastolic?", measure("bp")),
    ('What was her weight at her last "check up"?', measure("weight", period='at her last "check up"')),
    ("latest vitals", measure("vital")),
    ("Her most recent vital signs, please.", measure("vital")),
    ("What was the highest systolic pressure?", measure("systolic", pick="max")),
    ("Average diastolic BP", measure("diastolic", statistic="mean")),
    ("What did I weigh in 2019?", measure("weigh", period="in 2019")),
    ("How much does she weigh?", measure("weigh")),
    ("How tall is she?", measure("tall")),
    ("What's my height?", measure("height")),
    ("Has she lost weight?", measure("weight", statistic="change", test="below", limits=[0.0])),
    ("How much weight has she lost since 2019?", measure("weight", period="since 2019", statistic="change")),
    ("Weight over time", either(measure("weight", statistic="trend"), measure("weight", pick="all"))),
    ("What is her pulse?", measure("pulse")),
    ("When was my blood pressure last taken?", measure("blood pressure", give="date")),
    (
        "Was her blood pressure ever above 150?",
        measure("blood pressure", how="any", test="above", limits=[150.0]),
    ),
    ("How often has her weight been recorded?", measure("weight", statistic="count")),
    ("Heaviest weight?", measure("weight", pick="max")),
    ("What was the systolic at the last visit?", measure("systolic", period="at the last visit")),
    ("What was her weight at age 58?", measure("weight", period="at age 58")),
    ("What was the systolic pressure on May 2, 2019?", measure("systolic", period="on May 2, 2019")),
    ("BP on 2/11/2021?", measure("bp", period="on 2/11/2021")),
    ("What was the first and the last weight?", measure("weight", pick="first"), measure("weight")),
    ("Compare her weight in 2015 and 2019", *WEIGHTS),
    ("Weight in 2015 versus 2019?", *WEIGHTS),
    ("Her weight in 2015, compared with 2019", *WEIGHTS),
    ("Compare her weight in 2015 and now", measure("weight", period="in 2015"), measure("weight")),
    ("Compare the latest weight with that of 2015", measure("weight", period="of 2015"), measure("weight")),
    (
        "What was her weight in 2015 and what is it now?",
        measure("weight", period="in 2015"),
        measure("weight"),
    ),
    ("Weight between 2015 and 2019", measure("weight", period="between 2015 and 2019")),
    ("How much weight did I lose?", measure("weight", statistic="change")),
    (
        "did i gain weight since 2019",
        measure("weight", period="since 2019", statistic="change", test="above", limits=[0.0]),
    ),
    (
        "Has the blood pressure improved since 2019?",
        measure("blood pressure", period="since 2019", statistic="trend"),
    ),
    ("When was her blood pressure highest?", measure("blood pressure", give="date", pick="max")),
    ("What was her weight two years ago?", measure("weight", period="two years ago")),
    ("blood pressure readings", measure("blood pressure", pick="all")),
    ("What were her vitals at the last admission?", measure("vital", period="at the last admission")),
    ("Was she ever heavier than 80 kg?", measure("weight", how="any", test="above", limits=["80 kg"])),
    (
        "Was the systolic ever above 150 mmHg?",
        measure("systolic", how="any", test="above", limits=["150 mmHg"]),
    ),
    (
        "Compare her weight in 2019 and 2021",
        measure("weight", period="in 2019"),
        measure("weight", period="in 2021"),
    ),
]
PROCEDURES: list[Row] = [
    (
        "List the procedures of the patient's first admission.",
        find("procedure", period="during the first admission"),
    ),
    (
        "Which procedures were done while Ruth Adler was in hospital for her first inpatient stay?",
        find("procedure", period="during the first inpatient stay"),
    ),
    (
        "When I was there on 2014-09-12, which procedures did they do?",
        find("procedure", period="on 2014-09-12"),
    ),
    (
        "Practitioner at the encounter of the last colonoscopy?",
        find("procedure", "colonoscopy", give="attribute", part="who", pick="last"),
    ),
    ("Last colonoscopy?", find("procedure", "colonoscopy", give="date", pick="last")),
    ("Colonoscopy in 2014?", find("procedure", "colonoscopy", period="in 2014", give="exists")),
    ("Colonoscopy: ever done?", find("procedure", "colonoscopy", give="exists")),
    (
        "When was my last transfusion of packed red blood cells?",
        find("procedure", "transfusion of packed red blood cells", give="date", pick="last"),
    ),
    (
        "On what date was placing subject in prone position first performed?",
        find("procedure", "prone", give="date", pick="first"),
    ),
    (
        "What is the number of times I underwent median sternotomy?",
        find("procedure", "sternotomy", give="count"),
    ),
    ("What procedures has she had?", find("procedure")),
    ("Which surgeries have I had?", find("procedure", "surger")),
    ("Has she had a colonoscopy?", find("procedure", "colonoscopy", give="exists")),
    ("When was her colonoscopy?", find("procedure", "colonoscopy", give="date")),
    ("When was the last colonoscopy done?", find("procedure", "colonoscopy", give="date", pick="last")),
    ("Did she ever have her appendix out?", find("procedure", "appendectomy", give="exists")),
    ("When did I have the appendectomy?", find("procedure", "appendectomy", give="date")),
    ("How old was she at her appendectomy?", find("procedure", "appendectomy", give="age", pick="first")),
    ("How many procedures were performed since 2010?", find("procedure", period="since 2010", give="count")),
    ("What was her last procedure?", find("procedure", pick="last")),
    ("Any surgery in 1990?", find("procedure", "surgery", period="in 1990", give="exists")),
    (
        "Has she had any imaging?",
        either(find("imaging", give="exists"), find("procedure", "imaging", give="exists")),
    ),
    (
        "When was the last scan?",
        either(
            find("imaging", give="date", pick="last"), find("procedure", "scan", give="date", pick="last")
        ),
    ),
    ("how many colonoscopies has she had", find("procedure", "colonoscop", give="count")),
    ("When was my first operation?", find("procedure", give="date", pick="first")),
    ("Which procedure was done most recently?", find("procedure", pick="last")),
    ("Who performed the colonoscopy?", find("procedure", "colonoscopy", give="attribute", part="who")),
    ("Where was the appendectomy done?", find("procedure", "appendectomy", give="attribute", part="where")),
    ("past surgical history", find("procedure")),
    (
        "What procedures were done during the admission in 1990?",
        find("procedure", period="during the admission in 1990"),
    ),
]
VISITS: list[Row] = [
    ("How many encounters of type Encounter for check up?", find("encounter", "check up", give="count")),
    (
        "Encounters listed as encounter for check up since 2020: how many?",
        find("encounter", "check up", period="since 2020", give="count"),
    ),
    ("When was my last encounter for check up?", find("encounter", "check up", give="date", pick="last")),
    (
        "Any visit of the type Discussion about treatment?",
        find("encounter", "Discussion about treatment", give="exists"),
    ),
    (
        "Who saw me at the last encounter for check up?",
        find("encounter", "check up", give="attribute", part="who", pick="last"),
    ),
    (
        "What type of visit was my last one?",
        either(find("encounter", pick="last"), find("encounter", give="attribute", part="type", pick="last")),
    ),
    (
        "On what date did Dr. Lena Sommer last see me?",
        find("encounter", "Lena Sommer", give="date", pick="last"),
    ),
    ("How many visits did I make to Lena Sommer?", find("encounter", "Lena Sommer", give="count")),
    ("Has Lena Sommer ever seen me?", find("encounter", "Lena Sommer", give="exists")),
    ("last visit with dr sommer?", find("encounter", "sommer", give="date", pick="last")),
    (
        "Organization of the most recent visit?",
        find("encounter", give="attribute", part="where", pick="last"),
    ),
    (
        "Which clinic or hospital was my visit on 2021-02-11 at?",
        find("encounter", period="on 2021-02-11", give="attribute", part="where"),
    ),
    ("When did I last come in for a visit?", find("encounter", give="date", pick="last")),
    (
        "Did anyone come to see me at home for a visit in 2019?",
        find("encounter", category="home", period="in 2019", give="exists"),
    ),
    ("Was I ever seen at my house?", find("encounter", category="home", give="exists")),
    (
        "When did I leave hospital after my first inpatient stay?",
        find("encounter", category="inpatient", give="end", pick="first"),
    ),
    ("Seen in 2019 at all?", find("encounter", period="in 2019", give="exists")),
    (
        "Reason for the visit on 2021-02-11?",
        find("encounter", period="on 2021-02-11", give="attribute", part="reason"),
    ),
    (
        "How many times has she been admitted to the hospital?",
        find("encounter", category="inpatient", give="count"),
    ),
    ("Was she ever hospitalized?", find("encounter", category="inpatient", give="exists")),
    ("When was she last admitted?", find("encounter", category="inpatient", give="date", pick="last")),
    ("When was my first hospital stay?", find("encounter", category="inpatient", give="date", pick="first")),
    (
        "Why was she admitted in 2019?",
        find("encounter", category="inpatient", period="in 2019", give="attribute", part="reason"),
    ),
    (
        "How long was her last hospital stay?",
        find("encounter", category="inpatient", give="duration", pick="last"),
    ),
    ("When was she discharged last?", find("encounter", category="inpatient", give="end", pick="last")),
    ("How many ER visits?", find("encounter", category="emergency", give="count")),
    (
        "Has she been to the emergency room since 2015?",
        find("encounter", category="emergency", period="since 2015", give="exists"),
    ),
    ("When was she last in the ED?", find("encounter", category="emergency", give="date", pick="last")),
    (
        "Why did I go to the ER in 2017?",
        find("encounter", category="emergency", period="in 2017", give="attribute", part="reason"),
    ),
    ("When was her last visit?", find("encounter", give="date", pick="last")),
    ("How many visits did she have in 2019?", find("encounter", period="in 2019", give="count")),
    (
        "Who did she see at the last visit?",
        either(
            find("encounter", give="attribute", part="who", pick="last"),
            find("encounter", period="at the last visit", give="attribute", part="who"),
        ),
    ),
    (
        "Where was her last admission?",
        find("encounter", category="inpatient", give="attribute", part="where", pick="last"),
    ),
    (
        "What was the reason for the last emergency visit?",
        find("encounter", category="emergency", give="attribute", part="reason", pick="last"),
    ),
    (
        "length of stay of the last admission",
        find("encounter", category="inpatient", give="duration", pick="last"),
    ),
    (
        "Did she need to be hospitalised last year?",
        find("encounter", category="inpatient", period="last year", give="exists"),
    ),
    (
        "How many outpatient visits since 2019?",
        find("encounter", category="ambulatory", period="since 2019", give="count"),
    ),
    ("when was i last seen", find("encounter", give="date", pick="last")),
    (
        "admissions since 2010?",
        either(
            find("encounter", category="inpatient", period="since 2010"),
            find("encounter", category="inpatient", period="since 2010", give="date"),
        ),
    ),
    (
        "How many days was she in the hospital for pneumonia?",
        find("encounter", category="inpatient", reason="pneumonia", give="duration", pick="last"),
    ),
    (
        "Which hospital was she admitted to?",
        find("encounter", category="inpatient", give="attribute", part="where"),
    ),
    (
        "Who treated her in the hospital?",
        find("encounter", category="inpatient", give="attribute", part="who"),
    ),
    ("Which doctor did she see most recently?", find("encounter", give="attribute", part="who", pick="last")),
    ("When did she last see her doctor?", find("encounter", give="date", pick="last")),
    (
        "How many nights did she spend in hospital in 2019?",
        find("encounter", category="inpatient", period="in 2019", give="duration"),
    ),
    (
        "How many days was she in hospital in total?",
        *together("sum", find("encounter", category="inpatient", give="duration")),
    ),
    (
        "When was she discharged after the pneumonia?",
        find(
            "encounter",
            category="inpatient",
            period="after the pneumonia",
            give="end",
            pick="last",
            relation="ended",
        ),
    ),
    (
        "How old was she at the first admission?",
        find("encounter", category="inpatient", give="age", pick="first"),
    ),
    ("When is her next appointment?", find("encounter", period="after today", give="date")),
    (
        "Was she in hospital when she turned 58?",
        find("encounter", category="inpatient", period="when she turned 58", give="exists"),
    ),
    ("What was she diagnosed with at the last ER visit?", find("condition", period="at the last ER visit")),
    (
        "How long ago was her last visit?",
        find("encounter", pick="last"),
        Call("calculate", {"operation": "duration", "of": ["a", "now"]}),
    ),
    (
        "Was she admitted after starting insulin?",
        find("encounter", category="inpatient", period="after starting insulin", give="exists"),
    ),
]
VACCINES: list[Row] = [
    ("Which jab was given the most?", find("immunization", pick="most often")),
    ("Which shot have I had the most times?", find("immunization", pick="most often")),
    ("Which vaccines has she had?", find("immunization")),
    ("When was her last flu shot?", find("immunization", "flu", give="date", pick="last")),
    ("Has she had a tetanus shot?", find("immunization", "tetanus", give="exists")),
    ("Am I vaccinated against the flu?", find("immunization", "flu", give="exists")),
    ("How many flu shots did she get?", find("immunization", "flu", give="count")),
    ("What vaccinations were given in 2020?", find("immunization", period="in 2020")),
    ("Did she get a covid vaccine?", find("immunization", "covid", give="exists")),
    ("What was the last vaccine she received?", find("immunization", pick="last")),
    ("imms since 2015", find("immunization", period="since 2015")),
    ("Was she vaccinated last year?", find("immunization", period="last year", give="exists")),
    ("When did she get her Td booster?", find("immunization", "td", give="date")),
]
ALLERGIES: list[Row] = [
    ("Any allergies?", find("allergy")),
    ("What is she allergic to?", find("allergy")),
    ("Does the patient have any allergies?", find("allergy")),
    ("Is she allergic to penicillin?", find("allergy", "penicillin", give="exists")),
    (
        "Penicillin allergy?",
        either(find("allergy", "penicillin", give="exists"), find("allergy", "penicillin")),
    ),
    ("Am I allergic to peanuts?", find("allergy", "peanut", give="exists")),
    ("How does she react to penicillin?", find("allergy", "penicillin", give="attribute", part="reaction")),
    (
        "What reaction does she have to penicillin?",
        find("allergy", "penicillin", give="attribute", part="reaction"),
    ),
    (
        "How severe is her penicillin allergy?",
        either(
            *(find("allergy", "penicillin", give="attribute", part=part) for part in ("detail", "severity"))
        ),
    ),
    ("Any drug allergies?", either(find("allergy", category="medication"), find("allergy", "drug"))),
    ("How many allergies are documented?", find("allergy", give="count")),
    (
        "When was the penicillin allergy recorded?",
        either(
            find("allergy", "penicillin", give="date", pick="first"),
            find("allergy", "penicillin", give="date"),
        ),
    ),
    ("NKDA?", find("allergy")),
    ("Is she allergic to anything?", find("allergy")),
    ("does pt have PCN allergy", find("allergy", "pcn", give="exists")),
    ("Food allergies?", find("allergy", category="food")),
    ("allergies and reactions", find("allergy", give="attribute", part="detail")),
    ("what are her meds and allergies?", find("medication", status="active"), find("allergy")),
]
PLANS_AND_DEVICES: list[Row] = [
    (
        "When was the most recent delivery of blood glucose testing strips?",
        find("supply", "strips", give="date", pick="last"),
    ),
    (
        "In the most recent delivery of test strips, what was the quantity?",
        find("supply", "strips", give="attribute", part="quantity", pick="last"),
    ),
    ("How many times were testing strips supplied?", find("supply", "strips", give="count")),
    ("when did my glucose strips last arrive", find("supply", "strips", give="date", pick="last")),
    ("Start of the latest diabetes care plan?", find("care plan", "diabetes", give="date", pick="last")),
    ("New care plans since 2015, any at all?", find("care plan", period="since 2015", give="exists")),
    ("Does she have a care plan?", find("care plan", give="exists")),
    ("What care plans are active?", find("care plan", status="active")),
    ("What is in her diabetes care plan?", find("care plan", "diabetes", give="attribute", part="detail")),
    ("Which care plan is she on?", find("care plan", status="active")),
    ("What are her goals?", find("goal")),
    ("What treatment goals were set?", find("goal")),
    ("Are there any goals on file?", find("goal", give="exists")),
    ("What devices does she have?", find("device")),
    ("Does she have an implant?", find("device", give="exists")),
    ("Does she have a glucose meter?", find("device", "glucose meter", give="exists")),
    ("When did the diabetes care plan start?", find("care plan", "diabetes", give="date", pick="first")),
    (
        "Is there a pacemaker?",
        either(find("device", "pacemaker", give="exists"), find("procedure", "pacemaker", give="exists")),
    ),
    ("What does her care plan involve?", find("care plan", give="attribute", part="detail")),
    ("What activities are part of her care plan?", find("care plan", give="attribute", part="activities")),
    ("What's her A1c goal?", find("goal", "a1c")),
    (
        "Is she on a diet?",
        either(
            find("care plan", "diet", give="exists"),
            find("care plan", "diet", status="active", give="exists"),
        ),
    ),
]
NOTES: list[Row] = [
    ("What do the notes say about dizziness?", notes("dizziness")),
    ("Do the notes mention smoking?", notes("smoking")),
    ("What does the last note say?", notes(pick="last")),
    ("Show me the clinical notes from 2021", notes(period="in 2021")),
    ("Search the notes for chest pain", notes("chest pain")),
    ("Is dizziness mentioned in any note?", notes("dizziness")),
    ("How many notes are there?", find("document", give="count")),
    ("When was the last progress note written?", find("document", give="date", pick="last")),
    ("What did the doctor write in 2019?", notes(period="in 2019")),
    ("What did the last note say about metformin?", notes("metformin", pick="last")),
    ("Has dizziness ever been mentioned?", notes("dizziness")),
    ("Is there anything in the notes about falls?", notes("falls")),
    ("What does the chart say about smoking?", notes("smoking")),
    ("find mentions of metformin in the notes", notes("metformin")),
    ("Read me the last note", notes(pick="last")),
    ("What was discussed in the 2019 note?", notes(period="in 2019")),
]
MONEY: list[Row] = [
    (
        "Which payer is named on my claim of 2021-02-11?",
        find("claim", period="of 2021-02-11", give="attribute", part="insurer"),
    ),
    (
        "Who was the payer of the most recent claim?",
        find("claim", give="attribute", part="insurer", pick="last"),
    ),
    (
        "To which insurance company did my last claim go?",
        find("claim", give="attribute", part="insurer", pick="last"),
    ),
    ("Count her claims since 2020.", costs("count", period="since 2020")),
    ("What amount was claimed for my visit on 2021-02-11?", costs("billed", period="on 2021-02-11")),
    ("How much was her own share of the costs in 2019?", costs("out of pocket", period="in 2019")),
    ("What did I have to pay myself in 2019?", costs("out of pocket", period="in 2019")),
    ("How much has her care cost?", costs()),
    ("What was billed in 2019?", costs(period="in 2019")),
    ("How much did the insurance pay?", costs("paid")),
    ("What did I pay out of pocket last year?", costs("out of pocket", period="last year")),
    ("How many claims are there?", costs("count")),
    ("Costs per year", costs(by="year")),
    ("Total billed to date?", costs()),
    ("How much was paid by each payer?", costs("paid", by="payer")),
    ("What insurance does she have?", profile("insurance")),
    ("number of claims since 2020", costs("count", period="since 2020")),
    ("What did her visits cost in 2021?", costs(period="in 2021")),
    ("What are the total costs of her care since 2019?", costs(period="since 2019")),
    ("How much did the 2019 visit cost?", costs(period="in 2019")),
    ("Medical bills last year?", costs(period="last year")),
]
HAPPENED: list[Row] = [
    ("What happened in 2019?", timeline("in 2019")),
    ("What happened during her last admission?", timeline("during her last admission")),
    (
        "What was done at the last visit?",
        either(timeline("at the last visit"), find("procedure", period="at the last visit")),
    ),
    ("Anything new since the last visit?", timeline("since the last visit")),
    ("What's new since 2020?", Call("overview", {"since": "2020"})),
    ("Timeline for 2021 please", timeline("in 2021")),
    ("What has happened in the past six months?", timeline("in the past six months")),
    ("What went on last year?", timeline("last year")),
    ("What happened lately?", timeline("lately")),
    ("What was going on in November 2019?", timeline("in November 2019")),
    ("Give me the highlights of 2019", timeline("in 2019")),
    ("What was done during the 2019 admission?", timeline("during the 2019 admission")),
    ("What changed since the last visit?", timeline("since the last visit")),
    ("Summarise the last visit", either(timeline("at the last visit"), overview("visit"))),
    ("anything recent?", timeline("lately")),
]
ORDER: list[Row] = [
    ("First colonoscopy before first dx of diabetes?", *compare("colonoscopy", "before", "diabetes")),
    ("Is asthma older than diabetes in her chart?", *compare("asthma", "before", "diabetes")),
    (
        "By the time diabetes was first diagnosed, had she already been diagnosed with asthma?",
        *compare("asthma", "before", "diabetes"),
    ),
    ("First dx of asthma to first colonoscopy: days?", *compare("asthma", "days", "colonoscopy")),
    (
        "Is the latest LDL above the one just before it?",
        *compare("measure: last ldl", "higher", "measure: previous ldl"),
    ),
    (
        "Diabetes was first diagnosed at some point. What was her next LDL?",
        measure("ldl", period="after the first diagnosis of diabetes", pick="first"),
    ),
    (
        "First dx of diabetes: last preceding LDL?",
        measure("ldl", period="before the first diagnosis of diabetes", pick="last"),
    ),
    ("Did diabetes come before hypertension?", *compare("diabetes", "before", "hypertension")),
    ("Which came first, asthma or diabetes?", *compare("asthma", "earlier", "diabetes")),
    ("Was insulin started after metformin?", *compare("metformin", "before", "insulin")),
    ("Was she on metformin when she was admitted?", *compare("metformin", "during", "last admission")),
    ("What were the A1c before and after starting insulin?", *compare("a1c", "around", "insulin")),
    (
        "How many days between the appendectomy and the colonoscopy?",
        *compare("appendectomy", "days", "colonoscopy"),
    ),
    (
        "How long after the diabetes diagnosis was metformin started?",
        *compare("diabetes", "days", "metformin"),
    ),
    ("What was prescribed first, metformin or simvastatin?", *compare("metformin", "earlier", "simvastatin")),
    (
        "Was she already on lisinopril when diabetes was diagnosed?",
        *compare("lisinopril", "during", "diabetes"),
    ),
    ("Did she have hypertension before she got diabetes?", *compare("hypertension", "before", "diabetes")),
    ("How long after starting metformin did she start insulin?", *compare("metformin", "days", "insulin")),
    ("Did pneumonia occur after insulin was started?", *compare("insulin", "before", "pneumonia")),
    ("How long between diabetes diagnosis and insulin?", *compare("diabetes", "days", "insulin")),
    (
        "Time from diagnosis of hypertension to first lisinopril",
        *compare("hypertension", "days", "lisinopril"),
    ),
    (
        "How soon after the appendicitis was the appendectomy?",
        *compare("appendicitis", "days", "appendectomy"),
    ),
    ("Which did she get first: hypertension or diabetes?", *compare("hypertension", "earlier", "diabetes")),
    ("Diagnosed first: hypertension or diabetes?", *compare("hypertension", "earlier", "diabetes")),
    ("Days since last colonoscopy?", *compare("last colonoscopy", "days", "2021-07-01")),
    (
        "How long has it been since my last movement therapy?",
        *compare("last movement therapy", "days", "2021-07-01"),
    ),
    (
        "How long did it take until her bronchitis resolved?",
        find("condition", "bronchitis", status="past", give="duration", pick="last"),
    ),
    (
        "How many ER visits were there before Ruth Adler's first diagnosis of diabetes?",
        find(
            "encounter", category="emergency", period="before the first diagnosis of diabetes", give="count"
        ),
    ),
    (
        "What was the last A1c before Ruth first had diabetes?",
        measure("a1c", period="before the diagnosis of diabetes", pick="last"),
    ),
    ("Earlier of the two: hypertension / diabetes", *compare("hypertension", "earlier", "diabetes")),
    (
        "How long did her bronchitis take to resolve?",
        find("condition", "bronchitis", give="duration", pick="last"),
    ),
    ("Time since last colonoscopy", *compare("last colonoscopy", "days", "2021-07-01")),
    ("Age at first chill diagnosis?", find("condition", "chill", give="age", pick="first")),
]
WHOLE: list[Row] = [
    ("Summarise this patient.", overview("patient")),
    ("Give me a summary of the patient", overview("patient")),
    ("Prepare me for the visit.", overview("visit")),
    ("Brief me before the visit", overview("visit")),
    ("What is in the record?", overview("record")),
    ("What data do you have?", overview("record")),
    ("Quick overview pls", overview("patient")),
    ("Can you sum up her medical history?", overview("patient")),
    ("Who is this patient?", either(profile("summary"), overview("patient"))),
    ("pre-visit briefing", overview("visit")),
]
WORDY: list[Row] = [
    (
        "Hi, I have her in clinic this afternoon and wondered what her most recent HbA1c was?",
        measure("a1c"),
    ),
    (
        "Sorry to bother you, but could you please tell me when I last had my flu shot?",
        find("immunization", "flu", give="date", pick="last"),
    ),
    (
        "For the anaesthetist: does Mrs Adler have any allergies we should know about?",
        find("allergy"),
    ),
    ("Ruth Adler - latest creatinine?", measure("creatinine")),
    ("Please check whether Ruth has ever had pneumonia.", find("condition", "pneumonia", give="exists")),
    (
        "For patient Ruth Adler, how many emergency visits were recorded since 2015?",
        find("encounter", category="emergency", period="since 2015", give="count"),
    ),
    ("My daughter asks whether I was ever told I have asthma", find("condition", "asthma", give="exists")),
    ("pt on metformin?", find("medication", "metformin", status="active", give="exists")),
    ("hx of asthma?", either(find("condition", "asthma", give="exists"), find("condition", "asthma"))),
    ("wht meds is she curently takng", find("medication", status="active")),
    ("whats her bp", measure("bp")),
    ("LDL?", measure("ldl")),
    ("when dx dm2", find("condition", "dm2", give="date", pick="first")),
    ("rx hx", find("medication")),
    ("Could you kindly list all of the active prescriptions?", find("medication", status="active")),
    (
        "I'd be grateful for the date of the last admission.",
        find("encounter", category="inpatient", give="date", pick="last"),
    ),
    (
        "Tell me about her asthma",
        either(
            find("condition", "asthma", give="attribute", part="detail"),
            Call("overview", {"of": "problem", "concept": "asthma"}),
        ),
    ),
]
SHORTHAND: list[Row] = [
    ("on ACEi?", find("medication", "acei", status="active", give="exists")),
    ("Meds:", find("medication", status="active")),
    ("Allergies: ?", find("allergy")),
    ("Pen allergy - reaction?", find("allergy", "pen", give="attribute", part="detail")),
    ("h/o PNA?", either(find("condition", "pna", give="exists"), find("condition", "pna"))),
    ("s/p appy?", find("procedure", "appy", give="exists")),
    ("PMHx", find("condition")),
    ("PSHx", find("procedure")),
    ("Trend Cr since 2019", measure("cr", period="since 2019", statistic="trend")),
    ("sugars", measure("sugars")),
    ("DM since?", find("condition", "dm", give="date", pick="first")),
    ("HTN dx date", find("condition", "htn", give="date", pick="first")),
    ("wt 2019 vs 2021", measure("wt", period="in 2019"), measure("wt", period="in 2021")),
    (
        "last ed visit reason",
        find("encounter", category="emergency", give="attribute", part="reason", pick="last"),
    ),
    ("how many adm last 5 yrs", find("encounter", category="inpatient", period="last 5 years", give="count")),
    ("any abx 2018", find("medication", "abx", period="in 2018", give="exists")),
    ("flu shot 2020 y/n", find("immunization", "flu", period="in 2020", give="exists")),
    ("age/sex?", profile("age"), profile("gender")),
]
SEVERAL: list[Row] = [
    (
        "Does she have hypertension or diabetes?",
        *together("either", *map(_has, ("hypertension", "diabetes"))),
    ),
    (
        "Does she have both asthma and diabetes?",
        *together("both", *map(_has, ("asthma", "diabetes"))),
    ),
    ("What are her last A1c and LDL?", measure("a1c"), measure("ldl")),
    ("Show her weight and her blood pressure.", measure("weight"), measure("blood pressure")),
    ("What is the patient's name and date of birth?", profile("name"), profile("birth date")),
]
MORE_TIMES: list[Row] = [
    ("How many years has she had diabetes?", find("condition", "diabetes", give="duration", pick="first")),
    ("Is metformin more recent than insulin?", *compare("insulin", "before", "metformin")),
    (
        "What was her A1c on the day of her colonoscopy?",
        measure("a1c", period="during her colonoscopy"),
    ),
    (
        "Was the appendectomy before 2000?",
        find("procedure", "appendectomy", period="before 2000", give="exists"),
    ),
    ("What year did she have her appendix out?", find("procedure", "appendix", give="date")),
    (
        "Did her A1c fall below 7 after insulin was started?",
        measure("a1c", period="after insulin was started", how="any", test="below", limits=[7.0]),
    ),
    ("her age at hypertension onset", find("condition", "hypertension", give="age", pick="first")),
    (
        "How old was she at the time of the colonoscopy?",
        find("procedure", "colonoscopy", give="age", pick="first"),
    ),
    ("Is she no longer on simvastatin?", find("medication", "simvastatin", give="over")),
    (
        "She isn't on insulin, is she?",
        find("medication", "insulin", status="active", give="exists"),
    ),
    ("Which of her drugs treat hypertension?", find("medication", status="active", reason="hypertension")),
    ("Who did she see in 2019?", find("encounter", period="in 2019", give="attribute", part="who")),
]
GROUPS = {
    "the person": PERSON,
    "insurance": INSURANCE,
    "problems": PROBLEMS,
    "medications": DRUGS,
    "what a prescription says": ORDERS,
    "what is not recorded": NOT_THERE,
    "labs": LABS,
    "vital signs": VITALS,
    "procedures": PROCEDURES,
    "visits": VISITS,
    "vaccines": VACCINES,
    "allergies": ALLERGIES,
    "care plans, goals, devices": PLANS_AND_DEVICES,
    "notes": NOTES,
    "money": MONEY,
    "what happened": HAPPENED,
    "order and duration": ORDER,
    "the whole": WHOLE,
    "shorthand": SHORTHAND,
    "several things at once": SEVERAL,
    "times again": MORE_TIMES,
    "polite, hurried and misspelt": WORDY,
}


RIGHT, SERVED, WRONG = 0.68, 0.87, 0.045
"""At least so many rows are read right, and right or offered; at most so many are answered otherwise."""


def test_a_question_becomes_what_these_calls_answer() -> None:
    found = tally(row for rows in GROUPS.values() for row in rows)
    share, served, wrong = found.shares()
    assert (share >= RIGHT, served >= SERVED, wrong <= WRONG) == (True,) * 3, (
        f"{found.shares()}\n{found.missed()}"
    )


@pytest.mark.parametrize("rows", GROUPS.values(), ids=GROUPS.keys())
def test_what_is_expected_can_be_run(rows: list[Row]) -> None:
    for expected in (parted(row)[1] for row in rows):
        run_plan([call for call in expected if not isinstance(call, Either)], record())
        for call in (call for choice in expected if isinstance(choice, Either) for call in choice):
            run(call, record())


def test_whatever_is_planned_can_be_run() -> None:
    refused = {}
    for question in [str(row[0]) for rows in GROUPS.values() for row in rows]:
        planned = plan(question)
        for each in (planned, *planned.readings):
            try:
                run_plan(each.calls, record())
            except BadArgument as error:
                refused[question] = str(error)
    assert not refused
