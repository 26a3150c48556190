"""`gongshang doctor`: is this machine and installation fit, and if not, what to do."""

import click

from services.cli.output import example, json_option, show_json
from services.cli.suite.checks import Finding, all_findings


@click.command(epilog=example("./gongshang doctor", "./gongshang doctor --json"))
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check Python, broker, databases, disk, clock, keys and ports. Exit code 1 if something is wrong."""
    findings, advice = [], ""
    for finding in all_findings():
        findings.append(finding)
        if not as_json:
            advise(advice if finding.advice != advice else "")
            click.echo(line(finding))
        advice = finding.advice
    if not as_json:
        advise(advice)
    is_well = all(finding.is_ok for finding in findings)
    if as_json:
        show_json({"well": is_well, "findings": [described(finding) for finding in findings]})
    ctx.exit(0 if is_well else 1)


def line(finding: Finding) -> str:
    return f"{'ok   ' if finding.is_ok else 'WRONG'}  {finding.name}: {finding.found}"


def advise(advice: str) -> None:
    """Once, below all that it is about."""
    if advice:
        click.echo(f"       -> {advice}")


def described(finding: Finding) -> dict[str, str | bool]:
    return {"name": finding.name, "ok": finding.is_ok, "found": finding.found, "advice": finding.advice}
