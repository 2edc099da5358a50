"""A run as JUnit XML, for CI: a case is a testcase, one that is not resolved a failure, an unscored one an error."""

from __future__ import annotations

from xml.etree import ElementTree

from eval.results import Result, Run
from eval.verdicts import State, printable, questions, reason, state

_TAGS: dict[State, tuple[str, str]] = {"failed": ("failure", "resolution"), "unscored": ("error", "unscored")}


def junit(run: Run, judge: str) -> str:
    """The XML. `judge`: what is known of the model that judged, where one did."""
    states = [state(each) for each in run.results]
    counts = {"failures": states.count("failed"), "errors": states.count("unscored")}
    attributes = {"name": printable(f"evaluation {run.header.id}"), "tests": str(len(states))}
    attributes |= {name: str(number) for name, number in counts.items()}
    root = ElementTree.Element("testsuites", attributes)
    suite = ElementTree.SubElement(root, "testsuite", attributes | {"timestamp": printable(run.header.started_at)})
    properties = ElementTree.SubElement(suite, "properties")
    told = {"knowledge": run.header.knowledge, "release": str(run.header.release or ""), "commit": run.header.commit}
    for name, value in (told | {"judge": judge or run.header.judge}).items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": printable(value)})
    for each in run.results:
        _testcase(suite, each)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _testcase(suite: ElementTree.Element, result: Result) -> None:
    seconds = sum(turn.total_ms for turn in result.turns) / 1000
    named = {"classname": f"evaluation.{result.case.expect}", "name": printable(result.key), "time": f"{seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", named)
    if tag := _TAGS.get(state(result)):
        problem = ElementTree.SubElement(case, tag[0], {"message": printable(reason(result)), "type": tag[1]})
        answer = result.turns[-1].text if result.turns else ""
        problem.text = printable(f"{questions(result)}\n\n{answer}".strip())
