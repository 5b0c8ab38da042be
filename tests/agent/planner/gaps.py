"""Questions that the planner does not serve as a clinician expects yet, by likely cause; those served are deleted."""

BY_CAUSE: dict[str, tuple[str, ...]] = {
    "the reader overrules the rules, wrongly": (
        "When did I leave hospital after my first inpatient stay?",
        "In which year was her A1c highest?",
        "How recent is her last creatinine?",
        "What was the last BP, systolic and diastolic?",
        "Weight over time",
    ),
    "a verb names the measurement": (
        "How much weight did I lose?",
        "Was she ever heavier than 80 kg?",
        "Has the blood pressure improved since 2019?",
        "When did she last have her kidneys checked?",
    ),
    "out of range across all tests": ("Show abnormal labs",),
    "two years to compare": ("Compare her weight in 2019 and 2021",),
    "a test beside an event": (
        "What was her A1c around the time she was admitted?",
        "A1c at time of insulin start?",
        "How did her A1c respond to insulin?",
    ),
    "a misspelt short word": ("last HbA1C befor 2020?",),
    "present tense of use, and no verb at all": ("pt on metformin?",),
    "status asked as either-or or by a verb": ("Is simvastatin active or stopped?",),
    "had or was on, at a time long after the start": ("Did I already have asthma in 1980?",),
    "the longest": (
        "Which condition has she had longest?",
        "Which drug has she been on the longest?",
    ),
    "past medical history is all of it": ("Past medical history",),
    "treated, started without a noun": (
        "What was she treated for in 2018?",
        "What was started after diabetes was diagnosed?",
    ),
    "days in total": ("How many days was she in hospital in total?",),
    "what a care plan holds": ("Is she on a diet?",),
    "what notes say, asked by other words": (
        "Has dizziness ever been mentioned?",
        "Is there anything in the notes about falls?",
        "What does the chart say about smoking?",
    ),
    "what happened, in other words": ("anything recent?",),
    "a year before a noun leaves the noun behind": ("What was done during the 2019 admission?",),
    "a visit summed up, a briefing for it": (
        "Summarise the last visit",
        "Brief me before the visit",
    ),
    "a follow-up drops a time that hangs on an event, or says it another way": (
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
    "a name known in a question in another language": ("Quels médicaments prend-elle ?",),
    "part of the question is dropped and the plan is sure: rank, share, middle, ratio, all of": (
        "What were the last three A1c values?",
        "top 3 glucose",
    ),
    "part of the question is dropped and the plan is sure: longest, most, average of other things than tests": (
        "What's the average cost of a visit?",
        "Which medication has the most refills?",
    ),
    "part of the question is dropped and the plan is sure: a judgement": (
        "Did she ever miss an appointment?",
    ),
    "two topics joined by and, or, a slash": (
        "Does she have hypertension or diabetes?",
        "Does she have both asthma and diabetes?",
        "What is the patient's name and date of birth?",
        "age/sex?",
    ),
    "shorthand": (
        "on ACEi?",
        "Meds:",
        "Pen allergy - reaction?",
        "s/p appy?",
        "PMHx",
        "PSHx",
        "DM since?",
        "wt 2019 vs 2021",
    ),
    "which of two is newer": ("Is metformin more recent than insulin?",),
    "a statement with a tag is about now": ("She isn't on insulin, is she?",),
    "present tense of treat": ("Which of her drugs treat hypertension?",),
    "on the day of an event": ("What was her A1c on the day of her colonoscopy?",),
    "a follow-up asks who of a procedure": ("Has she had a colonoscopy? | who did it?",),
    "translating": ("Translate her notes into French",),
}
GAPS = {question: cause for cause, questions in BY_CAUSE.items() for question in questions}
