"""What all screens are made of: pages, lists, fields, dialogs, the registry of commands, the one path of text.

It imports Textual and `models`; every screen imports it, the program around them what it needs of pages and commands.
This `__init__` imports nothing; import the modules by name.

A screen (`screens/today.py`, its class named in `tui.app.SCREENS`)::

    class Today(Page):                                  # screens.kit.page
        WHERE = "today"                                 # its id in the registry of commands

        def body(self) -> ComposeResult:                # called again after a change of language
            yield LineList([Column("时间", 5), Column("人", 2, "figure"), Column("提醒")], empty="…", id="list")
            yield Lines(id="detail")                    # give it a height in the .tcss or by styles

        def reload(self) -> None:                       # shown, own write, others' change, midnight, language
            session = self.session
            self.read(lambda: queries.day(session, …), self.show)      # thread → event loop

        def show(self, day: Day) -> None:
            self.headline = self.w("today.title", …)    # left of the title line
            self.query_one("#list", LineList).set_rows(Row(key, cells, style, find=(pinyin, initials)) …)

        def on_line_list_moved(self, event: LineList.Moved) -> None: ...   # event.source, event.key

        def do_greet(self) -> None:                     # of the command `today.greet`; may be `async def`
            self.write(lambda: services.greet(session, …), lambda done: self.say(…))

Its row in `screens.kit.commands`, with its keys and what it needs, each a function that gives the reason where it is
not there: `Command("today.greet", ("g",), lambda page: page.do_greet(), (a_visit_today, can("greet")))`. `can` asks
the screen's `barred(verb)`. Its words: table `[<screen>]` of
`models/words/*/commands.toml` (`name`, `help`, and `short` for the key line). F1's prose: `help.<screen>`.
Enter on a row of a list does the screen's command that has the key `enter`; `query_one(LineList).key` is the row.

`self.say/refuse/note` write the message line; `self.shell` is the program: `.session`, `.now()`, `.w`, `.open("visit",
number, then=…)`, `.go("requests")`. Dialogs (`screens.kit.dialogs`): `await self.answer(Ask(title, label=…))` in an
`async def do_…`, or `self.ask(Confirm(title, yes, no), then)`. A screen over another closes with `self.back()` or
`self.dismiss(result)`. `save_now()` is called when the line drops. `minute(now)` at each minute mark.

Forms (`screens.kit.fields`): `TextField LongText DayField TimeField MomentField MoneyField NumberField`; to choose in
(`screens.kit.choices`): `Choice Checks Pick`. each has `.label .value .error`, posts `Field.Changed(field)`, Enter in
a text field posts `Field.Entered(field)` and nothing else. Give every list and field an `id`: by it state outlives a
new language.

Text is plain data everywhere (`Lines`, `LineList`, fields, dialogs): cleaned and cut by cells, never markup. For any
other Textual widget use `lit(text)` of `screens.kit.text`. A line is a text, `(text, style)` or a list of such pieces;
styles are the names in `screens.kit.text.STYLES`.

Textual calls the `on_…` handlers of all base classes too: never call `super().on_…` from one; `event.prevent_default()`
keeps the base's from running.
"""
