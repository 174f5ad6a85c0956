# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Distil recordings of a real Copr frontend into the facts that are kept here.

    PYTHONPATH=tests python -m contract.distil FOLDER

FOLDER has files NN-name.json, each a list of exchanges:

    {"name": ...,
     "request": {"method", "path", "query", "auth", "content_type", "body", "headers"?},
     "response": {"status", "headers", "body"}}

Of a request all is kept; it is ours. Of an answer only its status, the kind of its body, its shape
(see the module shapes) and the presence of some headers are kept, but none of its texts. Ids become
names. Answers to requests that were sent at once are kept as the set of them.

Some words in the requests told the builder that stood behind the recorded server what to make of a
build. They are replaced by those that the simulator's builder knows.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from contract.shapes import Names, Shaper, ids_in_list, repo_file_shape, texts_in

FACTS = Path(__file__).with_name("facts")
HEADERS = (
    *("Allow", "Location", "Retry-After", "Warning", "WWW-Authenticate"),
    "Copr-Error-Data",
)
KEPT_REQUEST_HEADERS = ("X-Fields", "Accept")
RACE = re.compile(r"(.*): answer \d+")
BUILD_IN_PATH = re.compile(
    r"(/api_3/(?:build|build-chroot)/"
    r"(?:(?:cancel|delete|source-chroot|source-build-config|built-packages|build-config|list)/)?0*)"
    r"([1-9]\d*)(?=/|$)"
)
UPLOADED = re.compile(r"/tmp/tmp\w+/")
LARGEST_ID = 10_000_000
"""Ids above this are made up, to name a build that does not exist."""

OUTCOMES = {
    "https://example.com/rec-srpmfail": "https://example.com/fails-source/rec-srpmfail",
    "https://example.com/rec-fail": "https://example.com/fails/rec-fail",
}
FILLERS = {
    "(12 bytes)": "{srpm}",
    "(empty)": "",
    "(3 MiB of random bytes)": "{x*3145728}",
    "(https://example.com/ with 3000 letters x and -1-1.src.rpm)": (
        "https://example.com/{x*3000}-1-1.src.rpm"
    ),
}
COUNTED = re.compile(r"\((\d+) (?:letters|characters) (.)\)")
LARGE = 160
"""Shapes whose text is longer are written once and referred to."""


def main() -> None:
    """Distil the recordings that the command line names."""
    parser = argparse.ArgumentParser(description="Distil recordings of a Copr frontend.")
    parser.add_argument("recordings", type=Path, help="folder with the recordings")
    options = parser.parse_args()
    FACTS.mkdir(exist_ok=True)
    for recording in sorted(options.recordings.glob("[0-9][0-9]-*.json")):
        exchanges = json.loads(recording.read_text(encoding="utf-8"))
        write_facts(FACTS / recording.name, distil(exchanges))


def distil(exchanges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Distil the exchanges of one file."""
    names = Names()
    sent = sent_texts({"request": _request(exchange["request"], Names())} for exchange in exchanges)
    distilled = []
    for exchange in exchanges:
        request = _request(exchange["request"], names)
        shaper = Shaper(exchange["request"]["path"], names.add, sent)
        answer = _answer(exchange["response"], shaper)
        distilled.append({"name": exchange["name"], "request": request, "answers": [answer]})
    _join_races(distilled)
    return distilled


def sent_texts(exchanges: Iterable[dict[str, Any]]) -> frozenset[str]:
    """Return the texts that requests send, in bodies and elsewhere."""
    return frozenset(
        text
        for exchange in exchanges
        for part in ("path", "query", "body", "auth")
        for text in texts_in(_opened(exchange["request"].get(part)))
    )


def _opened(part: Any) -> Any:
    """Open the part "json" of a multipart body."""
    if isinstance(part, str):
        return part.split("/")
    if not isinstance(part, dict) or "multipart" not in part:
        return part
    opened = []
    for one in part["multipart"]:
        try:
            opened.append(json.loads(one["content"]))
        except ValueError:
            opened.append(one)
    return opened


def _join_races(exchanges: list[dict[str, Any]]) -> None:
    """Let each request of a race have all the answers that were given in that race."""
    races: dict[str, list[dict[str, Any]]] = {}
    for exchange in exchanges:
        if race := RACE.fullmatch(exchange["name"]):
            answers = races.setdefault(race[1], [])
            answers += [one for one in exchange["answers"] if one not in answers]
            exchange["answers"] = answers


def _request(request: dict[str, Any], names: Names) -> dict[str, Any]:
    path = BUILD_IN_PATH.sub(lambda found: found[1] + _build_name(found[2], names), request["path"])
    distilled = {
        "method": request["method"],
        "path": UPLOADED.sub("/tmp/{upload}/", path),
        "query": _query(request["query"], names),
        "auth": request["auth"],
        "content_type": request["content_type"],
        "body": _with_build_names(_with_outcomes(request["body"]), names),
        "headers": _kept(request.get("headers", {}), KEPT_REQUEST_HEADERS),
    }
    optional = ("query", "headers")
    return {
        key: value
        for key, value in distilled.items()
        if value is not None and (value or key not in optional)
    }


def _kept(headers: dict[str, str], wanted: tuple[str, ...]) -> dict[str, str]:
    return {name: headers[name] for name in wanted if headers.get(name) not in (None, "*/*")}


def _build_name(number: str, names: Names) -> str:
    return names.add("build", int(number)) if int(number) < LARGEST_ID else number


def _query(query: Any, names: Names) -> Any:
    if isinstance(query, dict) and "build_id" in query:
        return {**query, "build_id": _named(query["build_id"], names)}
    return query


def _with_build_names(body: Any, names: Names) -> Any:
    """Replace the ids in a JSON body."""
    if not isinstance(body, dict):
        return body
    named = dict(body)
    for key in ("after_build_id", "with_build_id"):
        if key in body:
            named[key] = _named(body[key], names)
    if isinstance(body.get("builds"), list):
        named["builds"] = [_named(one, names) for one in body["builds"]]
    return named


def _named(value: Any, names: Names) -> Any:
    """Return the name of an id, with the type it had if that is not int."""
    is_number = isinstance(value, (int, float)) or (isinstance(value, str) and value.isdigit())
    if isinstance(value, bool) or not is_number or not 0 < int(value) < LARGEST_ID:
        return value
    name = names.add("build", int(value))
    return name if isinstance(value, int) else f"{type(value).__name__}({name})"


def _with_outcomes(body: Any) -> Any:
    """Replace fillers by what they stand for, and words that were meant for the builder."""
    if isinstance(body, dict):
        if body.get("filename", "").endswith(".src.rpm") and body["content"] in ("x", "no RPM"):
            return {**body, "content": "{srpm}"}
        return {key: _with_outcomes(value) for key, value in body.items()}
    if isinstance(body, list):
        return [_with_outcomes(value) for value in body]
    if not isinstance(body, str):
        return body
    text = FILLERS.get(body, body)
    text = COUNTED.sub(r"{\2*\1}", text)
    for recorded, ours in OUTCOMES.items():
        text = text.replace(recorded, ours)
    return text


def _answer(response: dict[str, Any], shaper: Shaper) -> dict[str, Any]:
    content_type = response["headers"].get("Content-Type", "").partition(";")[0]
    answer: dict[str, Any] = {"status": response["status"], "type": content_type}
    present = [name for name in HEADERS if name in response["headers"]]
    if present:
        answer["headers"] = present
    body = _with_outcomes(response["body"])
    if "mock-chroots" in shaper.path and response["status"] == 200 and isinstance(body, dict):
        answer["body"] = {"<chroot>": "any text"} if body else {}
    elif shaper.path.endswith("swagger.json"):
        answer["body"] = "any"
    elif content_type == "application/json" and body not in (None, ""):
        for kind, number in ids_in_list(body, shaper.path):
            answer.setdefault("ids", []).append(shaper.name(kind, number))
        answer["body"] = shaper.shape(body)
    elif content_type == "text/plain":
        answer["body"] = repo_file_shape(body)
    if "Copr-Error-Data" in present:
        answer["error_data"] = shaper.shape(error_data(response["headers"]))
    return answer


def error_data(headers: Mapping[str, str]) -> Any:
    """Return what a header tells package managers of an error."""
    return json.loads(base64.b64decode(headers["Copr-Error-Data"]))


def write_facts(path: Path, exchanges: list[dict[str, Any]]) -> None:
    """Write facts, an exchange a line; large shapes that occur twice are written once."""
    texts = [_text(answer.get("body")) for one in exchanges for answer in one["answers"]]
    shared = [text for text in dict.fromkeys(texts) if len(text) > LARGE and texts.count(text) > 1]
    lines = []
    for exchange in exchanges:
        answers = []
        for answer in exchange["answers"]:
            text = _text(answer.get("body"))
            if text in shared:
                answer = {**answer, "body": f"shape {shared.index(text)}"}
            answers.append(answer)
        lines.append(_text({**exchange, "answers": answers}))
    path.write_text(
        '{"shapes": [\n'
        + ",\n".join(shared)
        + '\n],\n"exchanges": [\n'
        + ",\n".join(lines)
        + "\n]}\n",
        encoding="utf-8",
    )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def read_facts(path: Path) -> list[dict[str, Any]]:
    """Read what write_facts has written."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    for exchange in facts["exchanges"]:
        for answer in exchange["answers"]:
            body = answer.get("body")
            if isinstance(body, str) and body.startswith("shape "):
                answer["body"] = facts["shapes"][int(body.removeprefix("shape "))]
    exchanges: list[dict[str, Any]] = facts["exchanges"]
    return exchanges


if __name__ == "__main__":
    main()
