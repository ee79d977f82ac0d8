//! The deal on the table: what changed, what each of the two said, what is to be settled.

use chrono::{Datelike as _, NaiveDate};

use super::super::doc::{Glyph, Line, Para, Picked, Role, Row, Span};
use super::super::words::{Words, quoted, safe, verdict};
use super::seal;
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::one_on_one::{OneOnOne, Talk};
use crate::domain::answer::Value;
use crate::domain::locale::weekday_name;
use crate::domain::review::{
    Chosen, OnTable, Pair, PairOf, Part, Stand, Telling, YOU_MAY_FIRE_THEM,
};

/// Columns from which on the comparison has room.
const AIRY: u16 = 70;

/// Parts that are told also where nothing changed.
const ALWAYS: [Part; 3] = [Part::They, Part::We, Part::Date];

/// The lines, and the one with the cursor.
pub fn lines(
    model: &Model,
    words: &Words<'_>,
    page: &OneOnOne,
    columns: u16,
) -> (Vec<Line>, usize) {
    let mut view = View {
        model,
        words,
        page,
        airy: columns >= AIRY,
        lines: Vec::new(),
        cursor: 0,
    };
    view.all();
    (view.lines, view.cursor)
}

struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    page: &'m OneOnOne,
    airy: bool,
    lines: Vec<Line>,
    cursor: usize,
}

impl View<'_, '_> {
    fn all(&mut self) {
        let inset = self.inset();
        let Some(deal) = self.page.deal else {
            if self.page.meeting.is_some() {
                let text = "There is nothing to talk about: no hand is up, nothing is due, and no \
                            deal would be fired.";
                self.lines.push(Line::words(inset, text, Role::Text));
            }
            return;
        };
        let name = match self.model.current_detail() {
            Some(detail) => self.words.full_name(&detail.deal),
            None => self.page.item().map_or_else(String::new, |(_, item)| {
                self.words.name(item.deal, &item.name)
            }),
        };
        let eval = self.model.eval(deal);
        let mut row = Row::new(inset).fill(Span::strong(name));
        // What the cockpit says would be heard by whoever is still to speak.
        let is_unheard = matches!(self.page.talk(), Talk::Asking | Talk::Revealing);
        if let Some(said) = eval.and_then(|eval| eval.verdict).filter(|_| !is_unheard) {
            row = row.fit_spans(verdict(said));
        }
        self.lines.push(row.into());
        self.lines.push(Line::Blank);
        let Some(table) = self.page.on_table() else {
            self.lines.push(Line::words(inset, "loading…", Role::Quiet));
            return;
        };
        self.since(table);
        self.asked_for(table);
        self.lines.push(Line::Blank);
        if self.page.session().is_none() {
            self.not_begun();
            return;
        }
        match self.page.talk() {
            Talk::Open => self.as_it_stands(),
            Talk::Asking => self.asking(),
            Talk::Revealing | Talk::Settling => self.compared(table),
        }
        if self.page.talk() != Talk::Asking {
            self.settle(table);
        }
        self.may_fire(table);
        self.decide();
    }

    fn inset(&self) -> u16 {
        if self.airy { 3 } else { 1 }
    }

    fn key(&self, command: Command) -> Span {
        let keys = self.model.keymap.keys_of(command);
        let key = keys.first().map(|key| key.label(self.model.ascii));
        Span::key(key.unwrap_or_default())
    }

    fn words_and_keys(&mut self, parts: &[(Command, &str)]) {
        let mut spans = Vec::new();
        for (at, (command, says)) in parts.iter().enumerate() {
            if at > 0 {
                spans.push(Span::text(if self.airy { "      " } else { "  " }));
            }
            spans.push(self.key(*command));
            spans.push(Span::text(format!(" {says}")));
        }
        let inset = self.inset();
        self.lines.push(Line::para(inset, inset, spans));
    }

    /// What changed since it was talked about last. Nothing is said as loudly.
    fn since(&mut self, table: &OnTable) {
        let Some(bank) = self.model.bank.as_deref() else {
            return;
        };
        let told = Telling {
            bank,
            mask: self.words.mask,
            locale: self.words.locale,
            today: self.words.today,
        };
        let inset = self.inset();
        let head = match table.changed.since {
            Some(day) => format!("Since {}", self.words.day(day)),
            None => "So far".to_owned(),
        };
        self.lines.push(Line::head(inset, head));
        if self.airy {
            self.lines.push(Line::Blank);
        }
        for part in Part::ALL {
            let is_nothing = table.changed.of(part).next().is_none();
            if is_nothing && !ALWAYS.contains(&part) {
                continue;
            }
            let label = if self.airy { inset + 3 } else { inset };
            let says = safe(&table.changed.words(part, table.deal, &told));
            let role = if is_nothing { Role::Strong } else { Role::Text };
            let spans = vec![
                Span::quiet(format!("{:<9}", part.code())),
                Span::new(says, role),
            ];
            self.lines.push(Line::Para(Para {
                indent: label,
                hang: label + 9,
                spans,
                most: if self.airy { 3 } else { 2 },
            }));
        }
    }

    /// The hands that are up on it, and a firing that waits for the manager's word.
    fn asked_for(&mut self, table: &OnTable) {
        let indent = if self.airy {
            self.inset() + 3
        } else {
            self.inset()
        };
        for hand in &table.hands {
            let who = hand.who.as_deref().map_or_else(|| "asked".to_owned(), safe);
            let note = hand.note.as_ref();
            let note =
                note.map_or_else(String::new, |note| self.words.free(Some(table.deal), note));
            let spans = vec![
                Span::quiet(format!("{who:<9}")),
                Span::strong(if note.is_empty() {
                    "wants to talk about it".to_owned()
                } else {
                    quoted(&note)
                }),
            ];
            self.lines.push(Line::para(indent, indent + 9, spans));
        }
        let waits = table.request.as_ref();
        if let Some(request) = waits.filter(|request| request.is_open(self.words.today)) {
            let text = format!(
                "fired above the ceiling by {}: it stands unless overruled by {}",
                safe(&request.who),
                self.words.near_day(request.due)
            );
            self.lines.push(Line::words(indent, text, Role::Fire));
        }
    }

    fn not_begun(&mut self) {
        let inset = self.inset();
        let spans = vec![
            self.key(Command::OneOnOneEnter),
            Span::text(" begins the 1:1 with this agenda"),
        ];
        self.lines.push(Line::para(inset, inset, spans));
    }

    /// No answer is sealed: what is known is on the table as it is.
    fn as_it_stands(&mut self) {
        let inset = self.inset();
        if self.page.manager().is_none() {
            return;
        }
        let rep = safe(self.page.rep());
        let spans = vec![
            Span::text(format!("{rep} has sealed nothing here.  ")),
            self.key(Command::OneOnOneEnter),
            Span::text(" seals the answers as they stand, to compare"),
        ];
        self.lines.push(Line::para(inset, inset, spans));
        self.lines.push(Line::Blank);
    }

    /// The rows that the manager answers aloud.
    fn asking(&mut self) {
        let inset = self.inset();
        let manager = safe(self.page.manager().unwrap_or_default());
        let rep = safe(self.page.rep());
        let mut spans = vec![Span::strong(format!("{manager} says it aloud, unseen"))];
        if self
            .page
            .has_sealed(self.page.manager().unwrap_or_default())
        {
            spans.push(Span::text(" · "));
            spans.push(self.key(Command::OneOnOneEnter));
            spans.push(Span::text(" reveals"));
        }
        self.lines.push(Line::para(inset, inset, spans));
        let sealed = self.sealed_on(self.page.rep());
        self.lines.push(Line::words(
            inset,
            format!("{rep} sealed {sealed}"),
            Role::Quiet,
        ));
        if self.airy {
            self.lines.push(Line::Blank);
        }
        self.cursor = self.lines.len() + self.page.row;
        let shape = if self.airy { (inset, 20) } else { (inset, 11) };
        let rows = seal::rows(self.model, shape, self.page.row, &self.page.said);
        // Those that matter, around the cursor: the rest is behind the lower edge.
        let most = if self.airy { 8 } else { 5 };
        let first = (self.page.row + 2).saturating_sub(most);
        let rows = rows.into_iter().skip(first).take(most);
        self.lines.extend(rows);
        self.lines.push(Line::Blank);
    }

    /// When somebody sealed, as a weekday where it is near.
    fn sealed_on(&self, who: &str) -> String {
        let table = self.page.on_table();
        let counts = table.map_or(&[][..], |table| &table.sealed.counts);
        let count = counts.iter().find(|count| count.person == who);
        count.map_or_else(String::new, |count| {
            format!(
                "{} of {}, {}",
                count.sealed,
                count.of,
                self.lately(count.day)
            )
        })
    }

    /// The day on which somebody sealed.
    fn sealed_day(&self, who: &str) -> String {
        let table = self.page.on_table();
        let counts = table.map_or(&[][..], |table| &table.sealed.counts);
        let count = counts.iter().find(|count| count.person == who);
        count.map_or_else(String::new, |count| {
            format!("sealed {}", self.lately(count.day))
        })
    }

    /// A day of the last week by its weekday.
    fn lately(&self, day: NaiveDate) -> String {
        match (self.words.today - day).num_days() {
            0 => "today".to_owned(),
            1..=6 => weekday_name(day.weekday()).to_owned(),
            _ => self.words.day(day),
        }
    }

    /// What both said, row by row, as far as it is revealed.
    fn compared(&mut self, table: &OnTable) {
        let inset = self.inset();
        let (tag, one) = if self.airy { (9, 18) } else { (7, 12) };
        let manager = safe(self.page.manager().unwrap_or_default());
        let head = Row::new(inset)
            .fixed(tag, "")
            .fill("")
            .fixed(one, Span::new(safe(self.page.rep()), Role::Head))
            .fixed(one, Span::new(manager, Role::Head));
        self.lines.push(head.into());
        if self.airy && !table.sealed.counts.is_empty() {
            let rep = self.sealed_day(self.page.rep());
            let manager = self.sealed_day(self.page.manager().unwrap_or_default());
            let row = Row::new(inset)
                .fixed(tag, "")
                .fill("")
                .fixed(one, Span::quiet(rep))
                .fixed(one, Span::quiet(manager));
            self.lines.push(row.into());
        }
        if self.airy {
            self.lines.push(Line::Blank);
        }
        for (at, pair) in table.sealed.pairs.iter().enumerate() {
            if at == self.page.row {
                self.cursor = self.lines.len();
            }
            let row = self.pair(at, pair, (tag, one));
            self.lines.push(row.into());
            let turns = pair.differs && pair.effect.turns();
            if turns && (self.airy || at == self.page.row) {
                let says = format!("the verdict: {}", pair.effect.words());
                self.lines.push(
                    Row::new(inset + tag)
                        .fill(Span::new(says, Role::Open))
                        .into(),
                );
            }
        }
        if table.sealed.hidden > 0 {
            let hidden = self
                .words
                .count(u64::from(table.sealed.hidden), "more", "more");
            let spans = vec![
                Span::text(format!("{hidden}  ")),
                self.key(Command::OneOnOneEnter),
                Span::text(" reveals the next"),
            ];
            self.lines.push(Line::para(inset + tag, inset + tag, spans));
        }
        self.lines.push(Line::Blank);
    }

    fn pair(&self, at: usize, pair: &Pair, (tag, one): (u16, u16)) -> Row {
        let here = at == self.page.row;
        let picked = match (here, self.model.overlays.is_empty()) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        };
        let word = if self.airy {
            ("differ", "agree", "settled")
        } else {
            ("differ", "same", "done")
        };
        let tags = match (pair.differs, pair.is_unsettled()) {
            (true, true) => Span::new(word.0, Role::Open),
            (true, false) => Span::new(word.2, Role::Good),
            (false, _) => Span::quiet(word.1),
        };
        Row::new(self.inset())
            .fixed(tag, tags)
            .fill(Span::text(seal::name(self.model, &pair.of)))
            .fixed_spans(one, stand(&pair.rep, pair.chosen == Some(Chosen::Rep)))
            .fixed_spans(
                one,
                stand(&pair.manager, pair.chosen == Some(Chosen::Manager)),
            )
            .picked(picked)
    }

    /// The question that settles it, in the words in which it is put to them.
    fn settle(&mut self, table: &OnTable) {
        let Some(bank) = self.model.bank.as_deref() else {
            return;
        };
        let unsettled = table.sealed.pairs.iter().find(|pair| pair.is_unsettled());
        let here = self.page.here(bank);
        let pair = table
            .sealed
            .pairs
            .iter()
            .find(|pair| Some(&pair.of) == here.as_ref());
        let of = pair
            .filter(|pair| pair.is_unsettled())
            .or(unsettled)
            .map(|pair| &pair.of);
        let asked = match of {
            Some(PairOf::Question(id)) => bank.find(id),
            Some(PairOf::Verdict) | None => None,
        };
        let deal = table.deal;
        let asked = asked.or_else(|| self.model.eval(deal)?.ask);
        let Some(ix) = asked else { return };
        let head = if of.is_some() {
            "To settle now"
        } else {
            "To ask them"
        };
        let inset = self.inset();
        let question = &bank[ix];
        let say = question.hard_question.as_ref().unwrap_or(&question.ask);
        self.lines.push(Line::head(inset, head));
        if self.airy {
            self.lines.push(Line::Blank);
        }
        let indent = if self.airy { inset + 3 } else { inset };
        self.lines.push(Line::Para(Para {
            indent,
            hang: indent,
            spans: vec![Span::strong(quoted(&safe(say)))],
            most: 3,
        }));
        if of.is_some() {
            let rep = safe(self.page.rep());
            let manager = safe(self.page.manager().unwrap_or_default());
            let spans = vec![
                self.key(Command::TakeRep),
                Span::text(format!(" {rep}'s   ")),
                self.key(Command::TakeManager),
                Span::text(format!(" {manager}'s   ")),
                Span::text("or another by its key"),
            ];
            self.lines.push(Line::para(indent, indent, spans));
        }
        self.lines.push(Line::Blank);
    }

    /// The manager's sentence, or the key that puts it on the deal.
    fn may_fire(&mut self, table: &OnTable) {
        let inset = self.inset();
        if let Some(said) = &table.may_fire {
            let sentence = self.words.free(Some(table.deal), &said.sentence);
            let when = self.words.near_day(said.day);
            let text = format!("{} {}, {when}", quoted(&sentence), safe(&said.who));
            self.lines
                .push(Row::new(inset).fill(Span::new(text, Role::Good)).into());
            self.lines.push(Line::Blank);
            return;
        }
        let Some(manager) = self.page.manager() else {
            return;
        };
        let spans = vec![
            Span::text(format!("{} may say  ", safe(manager))),
            Span::strong(quoted(YOU_MAY_FIRE_THEM)),
            Span::text("  "),
            self.key(Command::MayFire),
            Span::text(" puts it on record"),
        ];
        self.lines.push(Line::para(inset, inset, spans));
        self.lines.push(Line::Blank);
    }

    fn decide(&mut self) {
        let ask = if self.airy {
            "ask first, with a date"
        } else {
            "ask first"
        };
        self.words_and_keys(&[
            (Command::Fire, "fire"),
            (Command::Hold, "hold"),
            (Command::Continue, "continue"),
            (Command::Ask, ask),
        ]);
    }
}

/// What one of the two said; what the deal took stands out.
fn stand(stand: &Stand, is_taken: bool) -> Vec<Span> {
    let text = stand.words();
    let role = match stand {
        Stand::Verdict(said) => {
            let mut spans = verdict(*said);
            if is_taken {
                spans.push(Span::sign(Glyph::Yes, Role::Good));
            }
            return spans;
        }
        Stand::Answer {
            value: Value::No, ..
        } => Role::Fire,
        Stand::Answer { .. } => Role::Text,
        Stand::Nothing => Role::Open,
    };
    let mut spans = vec![Span::new(text, role)];
    if is_taken {
        spans.push(Span::text(" "));
        spans.push(Span::sign(Glyph::Yes, Role::Good));
    }
    spans
}
