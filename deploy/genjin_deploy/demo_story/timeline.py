"""How the story looks on the terminal: one line per act, never wider than the screen."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

# Of the demo workspace, Asia/Shanghai, which has had no daylight saving time since 1991.
WORKSPACE_ZONE = timezone(timedelta(hours=8))
COLUMNS_MAX = 100
WHO_COLUMNS = 15
INDENT = " " * 9


class Timeline:
    def __init__(self) -> None:
        terminal = Console(highlight=False)
        columns = min(terminal.width, COLUMNS_MAX) if terminal.is_terminal else COLUMNS_MAX
        self._console = Console(highlight=False, width=columns)

    def heading(self, title: str, subtitle: str = "", at: str = "") -> None:
        text = Text(f"\n{title}", style="bold cyan")
        text.append(f"  {subtitle}" if subtitle else "", style="cyan")
        text.append(f"  {at}" if at else "", style="dim")
        self._console.print(text)

    def act(self, at: datetime, who: str, text: str, style: str = "") -> None:
        padding = " " * max(1, WHO_COLUMNS - cell_len(who))
        self._line(Text.assemble((f"  {at:%m-%d}  ", "dim"), (who, "bold"), padding, (text, style)))

    def at(self, moment: str, who: str, text: str) -> None:
        """moment: RFC 3339, shown as the day here in the demo's time zone."""
        self.act(datetime.fromisoformat(moment).astimezone(WORKSPACE_ZONE), who, text)

    def passed(self, text: str) -> None:
        self.detail(f"✓ {text}", "green")

    def refused(self, text: str, reasons: Sequence[str]) -> None:
        """One reason on the same line, more of them below."""
        if len(reasons) == 1:
            self.detail(f"✗ {text}: {reasons[0]}", "red")
            return
        self.detail(f"✗ {text}", "red")
        for reason in reasons:
            self.detail(f"  · {reason}", "red")

    def detail(self, text: str, style: str = "") -> None:
        self._line(Text.assemble(INDENT, (text, style)))

    def plain(self, text: str, style: str = "") -> None:
        self._line(Text(text, style=style))

    def _line(self, text: Text) -> None:
        text.truncate(self._console.width, overflow="ellipsis")
        self._console.print(text, no_wrap=True)
