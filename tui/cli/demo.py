"""`jiedai demo`: the screens on a sample company, which has a regulation and a store of its own, new each day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from tui.cli.call import Call, versions_in_use
from tui.cli.out import tell
from tui.cli.screens import open_screens
from tui.folders import cache_folder
from tui.terminal import refusal
from tui.where import packaged_policy


def run_demo(call: Call) -> int:
    """Build today's sample company where it is not there yet, and open the screens on it. Whatever regulation is in
    use: its people hold the posts of the one that comes with the program."""
    why_not = refusal()
    if why_not is not None:
        tell(call.w.text(why_not))
        return 1
    from models.demo import GUIDE
    from models.demo.daily import demo_path
    from models.policy.load import version_on

    options = {**(call.given.options or {}), "config": packaged_policy()}
    call = replace(call, given=replace(call.given, options=options))
    versions = versions_in_use(call)
    policy = version_on(versions, call.clock().date())
    zone = ZoneInfo(call.settings.zone) if call.settings.zone else None
    tell(call.w("first_run.sample_wait"))
    store = demo_path(Path(cache_folder()), call.clock().date(), policy, zone)
    return open_screens(call, str(store), versions, guide=GUIDE)
