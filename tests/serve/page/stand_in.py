"""A small server with the API of the real one and fixed answers, for tests of the page alone."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

import gnothi.serve
from gnothi.serve.doors.headers import CarefulHeaders

PAGE = Path(gnothi.serve.__file__).parent / "page"
HOME = json.loads(Path(__file__).with_name("home.json").read_text(encoding="utf-8"))
TRACE = [
    {"stage": "read", "ms": 0.2, "artifact": "", "note": ""},
    {"stage": "understand", "ms": 3.1, "artifact": "language/understand@2026-11-20.1", "note": ""},
    {"stage": "propose", "ms": 0.8, "artifact": "", "note": "home.control"},
    {"stage": "act", "ms": 0.6, "artifact": "", "note": "light.turn_on"},
    {"stage": "word", "ms": 0.3, "artifact": "", "note": ""},
]


class StandIn:
    """The state of one pretended household."""

    def __init__(self, *, done: bool = True) -> None:
        """Begin with the home of ``home.json``; with *done* the wizard has been through."""
        home = json.loads(json.dumps(HOME))
        self.areas: list[dict[str, Any]] = home["areas"]
        self.devices: dict[str, dict[str, Any]] = {d["id"]: d for d in home["devices"]}
        self.lists: list[dict[str, Any]] = home["lists"]
        self.people: list[dict[str, Any]] = home["people"] if done else []
        self.done = done
        self.alarms: dict[str, dict[str, Any]] = {}
        self.turns: list[dict[str, Any]] = []
        self.live = "2026-11-20.1"
        self.sockets: set[WebSocket] = set()
        self.player: dict[str, Any] = {"status": "idle", "track": None}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def tell(self, kind: str, body: dict[str, Any]) -> None:
        """Send news to every page."""
        for socket in list(self.sockets):
            await socket.send_json({**body, "type": kind})

    async def change(self, device: str, state: str | None = None, **attributes: Any) -> None:
        """Change a device and tell the pages."""
        known = self.devices[device]
        known["state"] = state or known["state"]
        known["attributes"].update(attributes)
        await self.tell("device", {"device": known})

    def add_timer(self, seconds: float, name: str = "", kind: str = "timer") -> dict[str, Any]:
        """Let something ring in *seconds*."""
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        alarm = {
            "id": f"a{len(self.alarms)}", "kind": kind, "name": name, "due": at.isoformat(), "rule": "", "user": None, "device": None, "late": None, "left": None,
            "length": seconds, "phase": "ringing" if seconds <= 0 else "waiting",
        }
        self.alarms[alarm["id"]] = alarm
        return alarm


def build(home: StandIn) -> FastAPI:
    """Return the server of *home*."""
    app = FastAPI()
    app.state.home = home
    _turns(app, home)
    _house(app, home)
    _alarms(app, home)
    _journal(app, home)
    _rest(app, home)
    app.mount("/", StaticFiles(directory=PAGE, html=True))
    app.add_middleware(CarefulHeaders)
    return app


def _problem(code: str, message: str, status: int) -> JSONResponse:
    return JSONResponse({"code": code, "message": message}, status)


def _turns(app: FastAPI, home: StandIn) -> None:
    @app.post("/api/turn")
    async def turn(request: Request) -> Any:
        body = await request.json()
        answer = await _answer(home, body["text"])
        answer = {
            "id": f"t{len(home.turns)}", "session": body["session"], "text": body["text"], "ssml": "",
            "expects": None, "requests": [], "out_of_scope": False, "actions": [], "changes": {},
            "display": [], "trace": TRACE, **answer,
        }
        user = body["user"] if any(p["id"] == body["user"] for p in home.people) else None
        entry = {**answer, "at": datetime.now(UTC).isoformat(), "user": user, "device": None,
                 "artifacts": {"language/understand": "2026-11-20.1"}, "propensities": {},
                 "signals": []}
        home.turns.insert(0, entry)
        await home.tell("turn", _brief(entry))
        return answer

    @app.get("/api/turns/{turn_id}/explanation")
    async def explanation(turn_id: str) -> Any:
        entry = next(turn for turn in home.turns if turn["id"] == turn_id)
        words = entry["text"].split()
        return {"intent": entry["requests"][0]["intent"], "runner_up": "iot_hue_lightoff",
                "words": [{"word": w, "value": (0.7 if w == "on" else 0.2 - 0.1 * i)} for i, w in enumerate(words)]}


async def _answer(home: StandIn, text: str) -> dict[str, Any]:
    said = text.casefold()
    if "kitchen light" in said:
        await home.change("light.kitchen_main", "on", brightness=255)
        start = said.index("kitchen")
        return {
            "reply": "Kitchen Light is on.",
            "requests": [_request(text, "iot_hue_lighton", 0.974, [("house_place", start, start + 7), ("device_type", start + 8, start + 13)])],
            "actions": [_action("home", "control", "done", "reversible", {"operation": "light.turn_on", "targets": ["light.kitchen_main"]})],
            "changes": {"light.kitchen_main": {"state": "on", "brightness": 255}},
        }
    if "unlock" in said:
        return {"reply": "Shall I unlock the front door?", "expects": "confirmation",
                "requests": [_request(text, "iot_unlock", 0.95, [])],
                "actions": [_action("home", "control", "needs_confirmation", "guarded", {"operation": "lock.unlock"})]}
    if said == "yes":
        await home.change("lock.front_door", "unlocked")
        return {"reply": "The front door is unlocked.", "changes": {"lock.front_door": {"state": "unlocked"}},
                "actions": [_action("home", "control", "done", "guarded", {"operation": "lock.unlock"})]}
    if "blinds" in said:
        return {"reply": "Which blinds?", "expects": "value", "display": [{"choices": ["living room", "bedroom"]}]}
    if "timer" in said:
        alarm = home.add_timer(600, "Pasta")
        await home.tell("alarm", alarm)
        return {"reply": "Timer set for 10 minutes.", "requests": [_request(text, "timer_set", 0.99, [])],
                "actions": [_action("timers", "set", "done", "reversible", {"duration": 600})]}
    if "slow" in said:
        await asyncio.sleep(0.8)
    return {"reply": f"You said: {text}", "out_of_scope": True}


def _request(text: str, intent: str, score: float, slots: list[tuple[str, int, int]]) -> dict[str, Any]:
    return {"start": 0, "end": len(text), "domain": intent.split("_")[0], "intent": intent, "score": score,
            "slots": [{"name": n, "value": text[s:e], "start": s, "end": e} for n, s, e in slots],
            "alternatives": [{"intent": "iot_hue_lightoff", "score": 0.016}, {"intent": "iot_turn_on", "score": 0.007}]}


def _action(skill: str, call: str, status: str, risk: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"skill": skill, "call": call, "arguments": arguments, "status": status, "risk": risk, "message": ""}


def _brief(entry: dict[str, Any]) -> dict[str, Any]:
    kept = {key: entry[key] for key in ("id", "at", "user", "session", "device", "text", "reply")}
    return {**kept, "intents": [r["intent"] for r in entry["requests"]], "statuses": [a["status"] for a in entry["actions"]]}


def _house(app: FastAPI, home: StandIn) -> None:
    @app.get("/api/areas")
    async def areas() -> Any:
        return home.areas

    @app.get("/api/devices")
    async def devices() -> Any:
        return list(home.devices.values())

    @app.post("/api/devices/{device}/call")
    async def call(device: str, request: Request) -> Any:
        body = await request.json()
        home.calls.append((device, body))
        service = body["service"].split(".")[1]
        guarded = service in {"unlock", "alarm_disarm"} or (device == "cover.garage" and service == "open_cover")
        if guarded and not body.get("confirm"):
            return _problem("needs-confirmation", "That needs a confirmation.", 409)
        states = {"turn_on": "on", "turn_off": "off", "lock": "locked", "unlock": "unlocked", "open_cover": "open",
                  "close_cover": "closed", "start": "cleaning", "return_to_base": "returning", "media_play": "playing", "media_pause": "paused"}
        await home.change(device, states.get(service), **body.get("data", {}))
        return home.devices[device]

    @app.get("/api/lists")
    async def lists() -> Any:
        return home.lists

    @app.post("/api/lists/{todo}/items")
    async def add(todo: str, request: Request) -> Any:
        found = next(x for x in home.lists if x["id"] == todo)
        found["items"].append({"text": (await request.json())["text"], "done": False})
        await home.tell("list", {"list": found})
        return found

    @app.post("/api/lists/{todo}/items/{verb}")
    async def change_item(todo: str, verb: str, request: Request) -> Any:
        body = await request.json()
        found = next(x for x in home.lists if x["id"] == todo)
        item = next(x for x in found["items"] if x["text"] == body["text"])
        if verb == "remove":
            found["items"].remove(item)
        else:
            item["done"] = body["done"]
        await home.tell("list", {"list": found})
        return found


def _alarms(app: FastAPI, home: StandIn) -> None:
    @app.get("/api/alarms")
    async def alarms() -> Any:
        return list(home.alarms.values())

    @app.delete("/api/alarms/{alarm}")
    async def cancel(alarm: str) -> Any:
        await home.tell("alarm", home.alarms.pop(alarm))

    @app.post("/api/alarms/{alarm}/{verb}")
    async def answer(alarm: str, verb: str) -> Any:
        known = home.alarms.pop(alarm)
        if verb == "snooze":
            home.add_timer(300, known["name"])
        await home.tell("alarm", known)


def _journal(app: FastAPI, home: StandIn) -> None:
    @app.get("/api/journal")
    async def journal(q: str = "", user: str = "", limit: int = 40) -> Any:
        fits = [t for t in home.turns if q.casefold() in t["text"].casefold() and (not user or (t["user"] or "guest") == user)]
        return [_brief(entry) for entry in fits[:limit]]

    @app.get("/api/journal/{turn}")
    async def entry(turn: str) -> Any:
        return next(t for t in home.turns if t["id"] == turn)

    @app.delete("/api/people/{person}/journal")
    async def erase(person: str) -> Any:
        before = len(home.turns)
        home.turns = [t for t in home.turns if t["user"] != person]
        return {"turns": before - len(home.turns)}

    @app.get("/api/people/{person}/export")
    async def export(person: str) -> Any:
        return [t for t in home.turns if t["user"] == person]


def _rest(app: FastAPI, home: StandIn) -> None:
    @app.get("/api/people")
    async def people() -> Any:
        return home.people

    @app.get("/api/paired")
    async def paired() -> Any:
        return [{"id": "d1", "name": "Ana's phone", "user": "ana", "in_charge": True, "paired_at": datetime.now(UTC).isoformat()}]

    @app.post("/api/pairing")
    async def pairing() -> Any:
        return {"address": None, "picture": None, "until": datetime.now(UTC).isoformat()}

    @app.get("/api/artifacts")
    async def artifacts() -> Any:
        versions = [{"version": v, "figures": {"intent": 0.891, "exact": 0.742}} for v in ("2026-11-20.1", "2026-11-18.1")]
        return [{"name": "language/understand", "live": home.live, "versions": versions}]

    @app.post("/api/artifacts/switch")
    async def switch(request: Request) -> Any:
        home.live = (await request.json())["version"]
        return {}

    @app.get("/api/player")
    async def player() -> Any:
        return home.player

    @app.post("/api/player")
    async def command(request: Request) -> Any:
        word = (await request.json())["command"]
        home.player["status"] = {"pause": "paused", "resume": "playing"}.get(word, home.player["status"])
        return home.player

    @app.get("/api/backup")
    async def backup() -> Any:
        return Response(b"backup", media_type="application/gzip")

    @app.get("/api/setup")
    async def setup() -> Any:
        return {"done": home.done, "home": {"rooms": home.areas, "people": home.people}}

    @app.post("/api/setup/{step}")
    async def take(step: str, request: Request) -> Any:
        body = await request.json()
        if step == "people":
            home.people = [{**p, "id": p["id"] or p["name"].casefold()} for p in body["people"]]
        elif step == "home" and "devices" not in body:
            return _problem("bad-home", "The home file can't be used: it has no devices.", 422)
        elif step == "rooms":
            home.areas = [a for a in home.areas if a["id"] in body["rooms"]]
            home.devices = {k: d for k, d in home.devices.items() if d["area"] in body["rooms"]}
        home.done = home.done or step == "done"
        return {}

    @app.websocket("/api/ws")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        home.sockets.add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            home.sockets.discard(socket)
