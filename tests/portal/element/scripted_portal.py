"""The HTTP contract of the portal with fixed answers, for tests of the page: no record, no model, no database."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from portal.page.page import attach

ADA = "Patient/ada"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>${alert(1)}{{7*7}} javascript:alert(1)'
A1C = [5.4, 5.6, 5.9, 6.1, 6.8, 6.4, 7.0, 7.3]
PATIENTS = [
    {"reference": ADA, "name": "Adelina Maggio", "gender": "female", "born": "1967-11-01", "died": ""},
    {
        "reference": "Patient/bo",
        "name": "Bo Quinn",
        "gender": "male",
        "born": "1931-02-28",
        "died": "2019-06-30",
    },
    {"reference": "Patient/di", "name": "Di Rossi", "gender": "female", "born": "1930", "died": "true"},
    {"reference": "Patient/evil", "name": EVIL, "gender": EVIL, "born": EVIL, "died": ""},
    {"reference": "Patient/cleo", "name": "Cleo Ng", "gender": "", "born": "2024-12-24", "died": ""},
]
KINDS = [
    ("Condition", "Conditions", 160, "1967-11-01", "2025-12-31"),
    ("Encounter", "Encounters", 212, "1967-11-01", "2025-12-24"),
    ("Immunization", "Immunizations", 28, "1968-01-03", "2025-12-24"),
    ("MedicationRequest", "Prescriptions", 57, "1971-08-12", "2025-12-24"),
    ("Observation", "Observations", 1594, "1967-11-22", "2025-12-24"),
    ("Procedure", "Procedures", 301, "1968-02-02", "2025-12-24"),
    ("DiagnosticReport", "Reports", 240, "1967-11-22", "2025-12-24"),
]


def an_answer(text: str, **other: Any) -> dict[str, Any]:
    return {
        "question": "",
        "patient": ADA,
        "now": "2026-01-01",
        "answer": text,
        "scope": None,
        "values": [],
        "unit": "",
        "citations": [],
        "evidence": [],
        "coverage": [
            {"kind": "Observation", "searched": 1594, "span": ["1967-11-22", "2025-12-24"], "problems": []}
        ],
        "read_as": "HbA1c: the last value",
        "sure": 1.0,
        "readings": [],
        "outcome": "answered",
        "left_out": [],
        "abstained": False,
        "assessment": None,
        "grounded": True,
        "checked": {"recomputed": [], "quoted": [], "undecided": [], "reworded": []},
        "unsupported": [],
        "plan": [
            {"id": "a", "tool": "measure", "arguments": {"concept": "HbA1c", "pick": "last"}, "answers": True}
        ],
        "usage": {
            "model": "none",
            "model_calls": 0,
            "prompt_tokens": 0,
            "completion_tokens": 0,
            "seconds": 0.31,
        },
        "declined": None,
        "choice": "",
        "fallback": "",
        "conversation": "",
        "ask_back": "",
        "options": [],
        **other,
    }


def no_answer(outcome: str, text: str, **other: Any) -> dict[str, Any]:
    return an_answer(text, outcome=outcome, abstained=True, **other)


def citing(*cited: tuple[str, str, str]) -> dict[str, Any]:
    citations = [{"reference": r, "display": d, "date": day} for r, d, day in cited]
    return {"citations": citations, "evidence": [one["reference"] for one in citations], "values": [7.3]}


HBA1C = ("Observation/a1c-7", "Hemoglobin A1c/Hemoglobin.total in Blood", "2025-12-24")
UNREAD = {
    "kind": "Observation",
    "searched": 12,
    "span": None,
    "problems": ["3 could not be read: id is missing"],
}
ANSWERS: dict[str, dict[str, Any]] = {
    "hba1c": an_answer(
        "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24 (high; reference 4\u20135.6)"
        " [Observation/a1c-7].",
        **citing(HBA1C),
    ),
    "list": an_answer(
        "3 active medications:\n- metformin 500 MG Oral Tablet, prescribed 2025-12-24 [MedicationRequest/m1]\n"
        "- insulin isophane, human 70 UNT/ML [Humulin], prescribed 2025-12-24 [MedicationRequest/m2]\n"
        "- amLODIPine 2.5 MG Oral Tablet, prescribed 2004-11-10 [MedicationRequest/m3]",
        **citing(
            ("MedicationRequest/m1", "metformin 500 MG Oral Tablet", "2025-12-24"),
            ("MedicationRequest/m2", "insulin isophane, human 70 UNT/ML [Humulin]", "2025-12-24"),
            ("MedicationRequest/m3", "amLODIPine 2.5 MG Oral Tablet", "2004-11-10"),
        ),
    ),
    "pressure": an_answer(
        "The latest blood pressure was 143/92 mmHg on 2025-12-24 [Observation/bp-4].",
        **citing(("Observation/bp-4", "Blood pressure panel", "2025-12-24")),
    ),
    "malaria": no_answer(
        "not recorded", "Not recorded: malaria (160 conditions from 1967-11-01 to 2025-12-31 searched)."
    ),
    "leprosy": an_answer(
        "No leprosy recorded (160 conditions from 1967-11-01 to 2025-12-31 searched).", values=[False]
    ),
    "advice": no_answer(
        "declined", "I give no advice, I only report what is recorded.", declined="advice", plan=[]
    ),
    "unread": no_answer("unreadable", "Could not be read: ferritin (id is missing).", coverage=[UNREAD]),
    "thanks": no_answer(
        "not understood",
        "I could not tell what this asks about the record; it holds observations.",
        plan=[],
        coverage=[],
    ),
    "undecided": no_answer(
        "not understood",
        "I do not say yes or no, as I did not understand all of the question: \u201clower\u201d. "
        "From the record: Hemoglobin A1c in Blood 7.3 % on 2025-12-24 [Observation/a1c-7].",
        left_out=["lower"],
        **{**citing(HBA1C), "values": []},
    ),
    "worked out": no_answer("failed", "Could not be answered: period 'x': expected a period."),
    "partly": an_answer(
        "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24 [Observation/a1c-7].",
        **{**citing(HBA1C), "coverage": [UNREAD]},
    ),
    "unsupported": an_answer(
        "The HbA1c was 7.3 % [Observation/a1c-7]. It will rise.",
        **citing(HBA1C),
        grounded=False,
        unsupported=["It will rise. (nothing in the evidence says so)"],
    ),
    "taken out": an_answer(
        "The latest Hemoglobin A1c in Blood was 7.3 % on 2025-12-24 [Observation/a1c-7].",
        **citing(HBA1C),
        unsupported=["The patient is well controlled. (not in the evidence)"],
        fallback="The model did not answer within 120 seconds.",
    ),
    "glucose": no_answer(
        "asked back",
        "Which glucose do you mean? Fasting glucose | Glucose in urine",
        ask_back="Which glucose do you mean?",
        options=["Fasting glucose in serum", "Glucose in urine by test strip"],
        plan=[],
    ),
    "evil": an_answer(
        f"{EVIL} [Observation/evil] [Observation/not-cited]\n- {EVIL}",
        **citing(("Observation/evil", EVIL, EVIL)),
        unsupported=[EVIL],
        fallback=EVIL,
    ),
}
FACTS = [
    {"text": "Hemoglobin A1c in Blood 7.3 %, 2025-12-24 (high)", "reference": "Observation/a1c-7"},
    {"text": "Hemoglobin A1c in Blood 7.0 %, 2025-06-20 (high)", "reference": "Observation/a1c-6"},
]


def events_of(script: str) -> list[tuple[str, Any]]:
    answer = ANSWERS.get(script, ANSWERS["hba1c"])
    text = EVIL if script == "evil" else ""
    facts = [{"text": text, "reference": "Observation/evil"}] if text else FACTS
    steps: list[tuple[str, Any]] = [
        ("scope", {"patient": ADA, "now": "2026-01-01"}),
        ("plan", answer["plan"]),
    ]
    if answer["ask_back"]:
        return [
            *steps,
            ("ask", {"question": answer["ask_back"], "options": answer["options"]}),
            ("answer", answer),
        ]
    for call in answer["plan"]:
        run = {name: call[name] for name in ("id", "tool", "arguments")}
        steps.append(("tool", {**run, "outcome": text or "found"}))
        steps.append(("facts", {"facts": facts, "total": len(facts)}))
    words = answer["answer"].split(" ")
    steps += [("writing", {"text": word + " "}) for word in words]
    steps += [("trouble", {"text": text})] if text else []
    steps += [("text", {"text": answer["answer"]}), ("check", {"supported": True, "unsupported": []})]
    return [
        *steps,
        ("error", {"detail": text or "The model went away."}) if script == "fails" else ("answer", answer),
    ]


def a_scope(said: dict[str, Any] | None) -> dict[str, Any]:
    return {"kinds": [], "since": None, "until": None, **(said or {})}


class Scripted:
    """What the scripted portal knows and what it was asked."""

    def __init__(self) -> None:
        self.conversations: dict[str, dict[str, Any]] = {}
        self.questions: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.token = ""
        self.patient = ""
        self.answers_from = "records"
        self.launches = False
        self.signed_out = False
        self.lacks: set[str] = set()
        self.pace = 0.004
        self.cancelled: set[str] = set()

    def app(self) -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        attach(app, None)  # type: ignore[arg-type]  # it needs nothing of the portal
        app.add_middleware(BaseHTTPMiddleware, dispatch=self._guard)
        for method, path, answer in self._routes():
            app.add_route(path, answer, methods=[method])
        return app

    async def _guard(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        if request.url.path.startswith("/api/"):
            if self.signed_out:
                return JSONResponse({"detail": "Say who you are."}, 401)
            if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
                return JSONResponse({"detail": "Say who you are."}, 401)
            body = await request.body()
            self.asked.append((request.method, request.url.path, json.loads(body) if body else None))
            if self.lacks & set(request.url.path.split("/")):
                return JSONResponse({"detail": "Nothing here."}, 404)
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "/launch", self._launch),
            ("POST", "/launch/end", self._end),
            ("GET", "/api/me", self._me),
            ("GET", "/api/patients", self._patients),
            ("GET", "/api/patients/{id}", self._patient),
            ("GET", "/api/patients/{id}/timeline", self._timeline),
            ("GET", "/api/patients/{id}/series", self._series),
            ("GET", "/api/patients/{id}/resources/{type}/{rid}", self._resource),
            ("POST", "/api/conversations", self._begin),
            ("GET", "/api/conversations", self._list),
            ("GET", "/api/conversations/{id}", self._conversation),
            ("PATCH", "/api/conversations/{id}", self._narrow),
            ("DELETE", "/api/conversations/{id}", self._delete),
            ("POST", "/api/conversations/{id}/questions", self._ask),
            ("GET", "/api/questions/{id}", self._question),
            ("GET", "/api/questions/{id}/events", self._events),
            ("GET", "/api/questions/{id}/evidence", self._evidence),
            ("PUT", "/api/questions/{id}/feedback", self._feedback),
            ("POST", "/api/questions/{id}/cancel", self._cancel),
        ]

    async def _launch(self, request: Request) -> Response:
        return Response("Where is the record?", 200 if self.launches else 404)

    async def _end(self, request: Request) -> Response:
        self.signed_out = True
        return Response("You are signed out")

    async def _me(self, request: Request) -> Response:
        me = {"subject": "local", "name": "This computer", "patient": self.patient, "banner": True}
        return JSONResponse({**me, "model": "none", "today": "2026-01-01", "answers_from": self.answers_from})

    async def _patients(self, request: Request) -> Response:
        words = request.query_params.get("search", "").lower()
        found = [{**one, "resources": None} for one in PATIENTS if words in one["name"].lower()]
        return JSONResponse({"patients": found, "total": len(found)})

    async def _patient(self, request: Request) -> Response:
        wanted = f"Patient/{request.path_params['id']}"
        one = next((one for one in PATIENTS if one["reference"] == wanted), None)
        if one is None:
            return JSONResponse({"detail": "There is no such patient here."}, 404)
        names = ("kind", "label", "count", "first", "last")
        kinds = [{**dict(zip(names, kind, strict=True)), "problems": []} for kind in KINDS]
        problems = ["Observation: 3 could not be read: id is missing"] if wanted == "Patient/bo" else []
        if wanted == "Patient/evil":
            kinds, problems = [{**kinds[4], "label": EVIL}], [EVIL]
        number: int | None = 2592
        if wanted == "Patient/cleo":
            unread = {
                "count": 0,
                "first": None,
                "last": None,
                "problems": ["could not be read: it took too long"],
            }
            kinds, number = [{**kinds[4], "count": 1240}, {**kinds[2], **unread}], None
        return JSONResponse({**one, "resources": number, "kinds": kinds, "problems": problems})

    async def _timeline(self, request: Request) -> Response:
        if request.path_params["id"] == "evil":
            entry = {"reference": "Observation/evil", "kind": EVIL, "display": EVIL, "note": EVIL}
            entries = [{**entry, "start": "2025-01-01", "end": EVIL}]
            return JSONResponse({"entries": entries, "total": 1, "not_listed": 0, "problems": {}})
        texts = [
            ("Condition", "Diabetes mellitus type 2", "active"),
            ("Encounter", "Encounter for check up", "ambulatory"),
            ("MedicationRequest", "metformin 500 MG Oral Tablet", "active"),
            ("Observation", "Hemoglobin A1c 7.3 %", "high; reference 4\u20135.6"),
            ("Procedure", "Depression screening using the Patient Health Questionnaire Nine Item score", ""),
            ("Immunization", "Influenza, seasonal, injectable, preservative free", ""),
        ]
        entries = []
        for year in range(2025, 2009, -1):
            for n, (kind, display, note) in enumerate(texts):
                at = {"start": f"{year}-{12 - 2 * n:02}-24T08:00:00+01:00", "end": None}
                if kind == "Encounter":
                    at["end"] = f"{year}-{12 - 2 * n:02}-26"
                entries.append(
                    {"reference": f"{kind}/t{year}-{n}", "kind": kind, "display": display, "note": note, **at}
                )
        kinds = request.query_params.get("kinds", "")
        shown = [one for one in entries if not kinds or one["kind"] in kinds.split(",")]
        total = len(shown) if kinds else 2592
        return JSONResponse({"entries": shown, "total": total, "not_listed": 0, "problems": {}})

    async def _series(self, request: Request) -> Response:
        reference = request.query_params["reference"]

        def points(values: list[float], stem: str) -> list[dict[str, Any]]:
            return [
                {"date": f"{2018 + n}-12-24", "value": value, "reference": f"Observation/{stem}-{n}"}
                for n, value in enumerate(values)
            ]

        if reference.startswith("Observation/bp"):
            series = [
                ("Systolic Blood Pressure", "mmHg", None, 140, points([128, 135, 151, 139, 143], "bp")),
                ("Diastolic Blood Pressure", "mmHg", None, 90, points([82, 88, 95, 86, 92], "bp")),
            ]
        elif "evil" in reference:
            series = [(EVIL, EVIL, 1, 2, points([1, 2, 3], "evil"))]
        elif "a1c" in reference:
            series = [("Hemoglobin A1c in Blood", "%", 4, 5.6, points(A1C, "a1c"))]
        else:
            series = []
        names = ("name", "unit", "low", "high", "points")
        made = [{**dict(zip(names, one, strict=True)), "left_out": 0} for one in series]
        return JSONResponse({"series": made})

    async def _resource(self, request: Request) -> Response:
        kind, rid = request.path_params["type"], request.path_params["rid"]
        reference = f"{kind}/{rid}"
        if rid == "gone":
            return JSONResponse({"detail": f"{reference} is not in this record."}, 404)
        evil = "evil" in rid
        title = (
            EVIL
            if evil
            else next(
                (
                    c["display"]
                    for a in ANSWERS.values()
                    for c in a["citations"]
                    if c["reference"] == reference
                ),
                "Hemoglobin A1c/Hemoglobin.total in Blood",
            )
        )
        value = {
            "value": 7.3,
            "unit": EVIL if evil else "%",
            "system": "http://unitsofmeasure.org",
            "code": "%",
        }
        lines = [
            {"label": "reference", "text": reference, "path": ["id"]},
            {"label": "patient", "text": "Adelina Maggio", "path": []},
            {"label": "value", "text": EVIL if evil else "7.3 %", "path": ["valueQuantity"]},
            {"label": "Interpretation", "text": "High", "path": ["interpretation", 0, "text"]},
            {"label": "Reference range", "text": "4\u20135.6 %", "path": ["referenceRange", 0]},
            {
                "label": EVIL if evil else "Taken",
                "text": "2025-12-24",
                "path": ["effectiveDateTime"],
            },
            {"label": "Category", "text": "Laboratory", "path": ["category", 0, "text"]},
            {"label": "Code", "text": "4548-4 (LOINC)", "path": ["code", "coding", 0, "code"]},
        ]
        raw = {
            "resourceType": kind,
            "id": rid,
            "status": "final",
            "category": [{"text": "Laboratory"}],
            "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4", "display": title}]},
            "effectiveDateTime": "2025-12-24T08:10:12+01:00",
            "valueQuantity": value,
            "interpretation": [{"text": "High"}],
            "referenceRange": [{"low": {"value": 4}, "high": {"value": 5.6}}],
        }
        caution = EVIL if evil else "Entered in error: not relied on." if rid == "a1c-0" else ""
        status = EVIL if evil else "final"
        return JSONResponse(
            {
                "reference": reference,
                "kind": kind,
                "title": title,
                "status": status,
                "caution": caution,
                "lines": lines,
                "pictures": [],
                "json": raw,
            }
        )

    async def _begin(self, request: Request) -> Response:
        said = await request.json()
        id = f"{len(self.conversations) + 1:032x}"
        made = {
            "id": id,
            "patient": said["patient"],
            "scope": a_scope(said.get("scope")),
            "first": "",
            "created": "2026-01-01T12:00:00Z",
            "touched": "2026-01-01T12:00:00Z",
            "questions": [],
        }
        self.conversations[id] = made
        return JSONResponse(made, 201)

    async def _list(self, request: Request) -> Response:
        patient = request.query_params.get("patient")
        mine = [c for c in self.conversations.values() if c["patient"] == patient]
        return JSONResponse([{**one, "questions": []} for one in reversed(mine)])

    async def _conversation(self, request: Request) -> Response:
        found = self.conversations.get(request.path_params["id"])
        return JSONResponse(found) if found else JSONResponse({"detail": "No such conversation."}, 404)

    async def _narrow(self, request: Request) -> Response:
        found = self.conversations[request.path_params["id"]]
        found["scope"] = a_scope((await request.json())["scope"])
        return JSONResponse(found)

    async def _delete(self, request: Request) -> Response:
        self.conversations.pop(request.path_params["id"], None)
        return Response(status_code=204)

    async def _ask(self, request: Request) -> Response:
        said, conversation = await request.json(), self.conversations[request.path_params["id"]]
        text = said.get("question") or said["reply"]
        id = f"{len(self.questions) + 1000:032x}"
        script = next(
            (name for name in [*ANSWERS, "fails", "breaks", "slow", "refused"] if name in text.lower()),
            "hba1c",
        )
        if script == "refused":
            return JSONResponse({"detail": "Too many questions at once. Wait a little."}, 429)
        narrowed = conversation["scope"] if any(conversation["scope"].values()) else None
        events = [
            (n, name, {**data, "id": id, "scope": narrowed} if name == "answer" else data)
            for n, (name, data) in enumerate(events_of(script), 1)
        ]
        question = {
            "id": id,
            "conversation": conversation["id"],
            "question": text,
            "is_reply": "reply" in said,
            "scope": conversation["scope"],
            "status": "running",
            "answer": None,
            "error": None,
            "feedback": None,
            "created": "2026-01-01T12:00:00Z",
            "finished": None,
            "events": events,
            "script": script,
        }
        self.questions[id] = question
        conversation["questions"].append(question)
        conversation["first"] = conversation["first"] or text
        broken = 5 if script == "breaks" else None
        return self._stream(question, 0, broken)

    def _stream(self, question: dict[str, Any], after: int, broken: int | None = None) -> Response:
        headers = {"Location": f"/api/questions/{question['id']}", "Cache-Control": "no-store"}
        return StreamingResponse(
            self._told(question, after, broken), media_type="text/event-stream", headers=headers
        )

    async def _told(self, question: dict[str, Any], after: int, broken: int | None) -> AsyncIterator[str]:
        yield ": here\n\n"
        for n, name, data in question["events"]:
            if n <= after:
                continue
            if broken is not None and n > broken:
                return
            slow = question["script"] == "slow" and name == "writing"
            for _ in range(40 if slow else 1):
                await asyncio.sleep(0.05 if slow else self.pace)
                if question["id"] in self.cancelled:
                    question["status"] = "cancelled"
                    yield f"id: {n}\nevent: cancelled\ndata: {{}}\n\n"
                    return
            if name in ("answer", "error"):
                question["status"] = "finished" if name == "answer" else "failed"
                question["answer"] = data if name == "answer" else None
                question["error"] = data["detail"] if name == "error" else None
            yield f"id: {n}\r\nevent: {name}\r\ndata: {json.dumps(data)}\r\n\r\n"

    async def _question(self, request: Request) -> Response:
        return JSONResponse(self.questions[request.path_params["id"]])

    async def _events(self, request: Request) -> Response:
        return self._stream(
            self.questions[request.path_params["id"]], int(request.headers.get("last-event-id", 0))
        )

    async def _evidence(self, request: Request) -> Response:
        call = {"tool": "measure", "arguments": {"concept": "HbA1c"}, "outcome": "found"}
        return JSONResponse({"calls": [{**call, "facts": FACTS, "total": 2}], "coverage": []})

    async def _feedback(self, request: Request) -> Response:
        self.questions[request.path_params["id"]]["feedback"] = await request.json()
        return Response(status_code=204)

    async def _cancel(self, request: Request) -> Response:
        self.cancelled.add(request.path_params["id"])
        return Response(status_code=202)
