"""Questions that the planner does not serve as a clinician expects yet, by likely cause; those served are deleted."""

BY_CAUSE: dict[str, tuple[str, ...]] = {
    "a number before mg or mL loses its last digit": (
        "Was the glucose ever over 150 mg/dL?",
        "Was glucose under 130 mg/dL in 2021?",
        "glucose values > 150 mg/dl",
        "Creatinine above 1 mg/dL ever?",
        "Any LDL over 130mg/dL?",
    ),
    "a threshold makes a question for the day a yes or no": (
        "When was the A1c above 8?",
        "When did the A1c first go above 7?",
        "When was the A1c last below 7?",
    ),
    "a verb names the measurement": (
        "How much weight did I lose?",
        "Was she ever heavier than 80 kg?",
        "Has the blood pressure improved since 2019?",
        "When did she last have her kidneys checked?",
    ),
    "the day of a trend is asked for, which the tool refuses": ("Weight over time",),
    "a plural of readings means all": ("blood pressure readings",),
    "how recent means when": ("How recent is her last creatinine?",),
    "out of range across all tests": ("Show abnormal labs",),
    "two years to compare": ("Compare her weight in 2019 and 2021",),
    "two topics joined by and": ("what are her meds and allergies?",),
    "a test beside an event": (
        "What was her A1c around the time she was admitted?",
        "A1c at time of insulin start?",
        "How did her A1c respond to insulin?",
    ),
    "length between two events": (
        "Time from diagnosis of hypertension to first lisinopril",
        "How soon after the appendicitis was the appendectomy?",
    ),
    "a misspelt short word": (
        "last HbA1C befor 2020?",
        "wht meds is she curently takng",
    ),
    "for what, at the end": (
        "What was simvastatin prescribed for?",
        "What is she taking insulin for?",
    ),
    "dose in other words": (
        "What's the strength of her metformin?",
        "How many pills of metformin a day?",
    ),
    "taking anything for": ("Is she taking anything for blood pressure?",),
    "present tense of use, and no verb at all": (
        "does she use an inhaler",
        "Does she use insulin?",
        "pt on metformin?",
    ),
    "status asked as either-or or by a verb": (
        "Is simvastatin active or stopped?",
        "Did the pneumonia clear up?",
        "Did she ever stop metformin?",
    ),
    "had or was on, at a time long after the start": (
        "Did I already have asthma in 1980?",
        "Was she on metformin in 2015?",
    ),
    "the longest": (
        "Which condition has she had longest?",
        "Which drug has she been on the longest?",
    ),
    "past medical history is all of it": ("Past medical history",),
    "treated, started without a noun": (
        "What was she treated for in 2018?",
        "What was started after diabetes was diagnosed?",
    ),
    "see a doctor": (
        "Who did she see at the last visit?",
        "Which doctor did she see most recently?",
        "When did she last see her doctor?",
    ),
    "age at a visit": ("How old was she at the first admission?",),
    "days in total": ("How many days was she in hospital in total?",),
    "a word that no cue knows": (
        "Who insures her?",
        "imms since 2015",
        "NKDA?",
    ),
    "a reaction is to an allergen, not to a drug": (
        "How does she react to penicillin?",
        "What reaction does she have to penicillin?",
    ),
    "a class of allergens is a category": (
        "Any drug allergies?",
        "Food allergies?",
    ),
    "what a care plan holds": (
        "What is in her diabetes care plan?",
        "What does her care plan involve?",
        "What activities are part of her care plan?",
        "Is she on a diet?",
    ),
    "what notes say, asked by other words": (
        "What did the doctor write in 2019?",
        "Has dizziness ever been mentioned?",
        "Is there anything in the notes about falls?",
        "What does the chart say about smoking?",
    ),
    "insurance and payer beside paid": (
        "How much did the insurance pay?",
        "How much was paid by each payer?",
    ),
    "a total of money is no count": (
        "Total billed to date?",
        "What are the total costs of her care since 2019?",
    ),
    "what happened, in other words": (
        "What went on last year?",
        "What was going on in November 2019?",
        "Give me the highlights of 2019",
        "anything recent?",
    ),
    "a year before a noun leaves the noun behind": ("What was done during the 2019 admission?",),
    "a visit summed up, a briefing for it": (
        "Summarise the last visit",
        "Brief me before the visit",
        "Can you sum up her medical history?",
    ),
    "a follow-up drops a time that hangs on an event, or says it another way": (
        "What was her last HbA1c? | what about 2020?",
        "What was her A1c in 2020? | and ever since?",
        "What happened in 2019? | and the year before?",
    ),
    "a follow-up with a verb or noun of the same kind forgets the name": (
        "Is she on metformin? | what dose?",
        "When was she last admitted? | how long did she stay?",
        "When was she last admitted? | which hospital?",
        "When was she last admitted? | what was she diagnosed with?",
    ),
    "a follow-up forgets what was asked, or its status": (
        "What medications is she taking? | and in the past?",
    ),
    "it stands for the condition, the drug or the event before": (
        "What medications is she taking? | which ones for diabetes?",
        "Does she have diabetes? | what does she take for it?",
        "When did she start insulin? | what was her A1c before that?",
        "When did she start insulin? | was that before her pneumonia?",
        "What was her last HbA1c? | who ordered it?",
    ),
    "a follow-up to notes or money": (
        "What do the notes say about dizziness? | and smoking?",
        "What was billed in 2019? | how much did she pay?",
    ),
    "an unknown name takes the test before it": ("What was her last HbA1c? | What is her zorblax level?",),
    "thanks repeats the answer": (
        "What was her last HbA1c? | thanks",
        "What was her last HbA1c? | ok",
        "What was her last HbA1c? | Thank you very much!",
    ),
    "a follow-up forgets the threshold": (
        "Was her A1c ever above 8? | when?",
        "Was her A1c ever above 8? | how often?",
    ),
    "what to do, in words that no cue knows": (
        "How should her diabetes be treated?",
        "What's the best drug for her asthma?",
        "Which antibiotic would you give her?",
        "What can I do to lower my cholesterol?",
        "Shall we start insulin?",
    ),
    "a judgement of a value": (
        "Is her A1c dangerous?",
        "Is her blood pressure something to worry about?",
    ),
    "a person's name that is not the patient's, in two words": (
        "What is John Smith's A1c?",
        "What is Karl Huber taking?",
        "Show me John Smith's allergies",
        "When was Maria Gonzalez last admitted?",
    ),
    "a relative that is not listed": ("Does my son have asthma?",),
    "knowledge of the world about a test or drug": (
        "What does HbA1c mean?",
        "What is metformin?",
        "What are the side effects of lisinopril?",
        "What is the maximum dose of metformin?",
        "What class of drug is lisinopril?",
        "How does insulin work?",
        "What time is it?",
    ),
    "declined, though it asks what was written or done": (
        "What did the doctor recommend in the notes?",
        "Was a next step documented?",
        "What was recommended at the last visit?",
        "Was a recommended dose documented for metformin?",
        "What do the notes say about her prognosis?",
        "Was her mother's history recorded in the notes?",
        "May I know her last A1c?",
        "What caused the admission in 2019?",
        "How bad was her reaction to penicillin?",
    ),
    "a name known in a question in another language": (
        "¿Cuál es su último valor de HbA1c?",
        "Quels médicaments prend-elle ?",
    ),
    "an unknown test, and an unknown condition after have": (
        "what is her zorblax level?",
        "When was her zorblax measured?",
        "How many zorblax tests has she had?",
        "Does she have zorblax syndrome?",
        "Does she have zorblaxitis?",
    ),
    "an abbreviation that is also a plain word drops out and everything is listed": (
        "Colton Nader: When was AIDS diagnosed?",
        "Colton Nader: How old was he when AIDS was diagnosed?",
    ),
    "when did it start, of a procedure, is its first day": ("Enid Huel: When did dialysis start?",),
    "an allergen that is a drug": ("Eveline O'Keefe: Which drug is she allergic to?",),
    "who pays is the insurer": ("Ty Olson: Who pays for his care?",),
}
GAPS = {question: cause for cause, questions in BY_CAUSE.items() for question in questions}
