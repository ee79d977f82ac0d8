//! The deal on the table: what changed, what each of the two said, what is to be settled.

mod compare;

use super::super::detail;
use super::super::doc::{Line, Para, Role, Row, Span};
use super::super::words::{Words, quoted, safe, verdict};
use crate::app::command::{Command, is_fired_on_top, is_tripwire_due};
use crate::app::model::Model;
use crate::app::one_on_one::{OneOnOne, Talk};
use crate::domain::deal::Decision;
use crate::domain::eval::Due;
use crate::domain::ids::DealId;
use crate::domain::review::{OnTable, PairOf, Part, Telling, YOU_MAY_FIRE_THEM};
use crate::domain::shown::Free;

/// Columns from which on the comparison has room.
pub const AIRY: u16 = 70;

/// Parts that are told also where nothing changed.
const ALWAYS: [Part; 3] = [Part::They, Part::We, Part::Date];

/// What is said of the deal on the table.
pub struct Table {
    /// The lines down to the row with the cursor.
    pub above: Vec<Line>,
    /// Those below it.
    pub below: Vec<Line>,
    /// What is to be settled, and the keys that do it: the last to leave the screen.
    pub keys: Vec<Line>,
}

/// The deal on the table in so many columns.
pub fn of(model: &Model, words: &Words<'_>, page: &OneOnOne, columns: u16) -> Table {
    let mut view = View {
        model,
        words,
        page,
        airy: columns >= AIRY,
        lines: Vec::new(),
        cursor: 0,
        keys: None,
    };
    view.all();
    let mut above = view.lines;
    let keys = above.split_off(view.keys.unwrap_or(above.len()));
    let below = above.split_off((view.cursor + 1).min(above.len()));
    Table { above, below, keys }
}

struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    page: &'m OneOnOne,
    airy: bool,
    lines: Vec<Line>,
    cursor: usize,
    /// The line with which the keys begin.
    keys: Option<usize>,
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
        let said = eval.and_then(|eval| eval.verdict);
        if let Some(said) = said.filter(|_| !self.is_asked_unseen()) {
            row = row.fixed(1, "").fit_spans(verdict(said));
        }
        self.lines.push(row.into());
        self.lines.push(Line::Blank);
        let Some(table) = self.page.on_table() else {
            self.lines.push(Line::words(inset, "loading…", Role::Quiet));
            return;
        };
        self.due(deal);
        self.since(table);
        self.asked_for(table);
        self.lines.push(Line::Blank);
        if self.page.talk() == Talk::Open {
            self.keys = Some(self.lines.len());
        }
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

    /// What fell due, before anything else is said of the deal.
    fn due(&mut self, deal: DealId) {
        let due = self.model.eval(deal).and_then(|eval| eval.due);
        // That the verdict is worse tells what it is.
        let tells = |due: &Due| *due == Due::Worse && self.is_asked_unseen();
        let Some(due) = due.filter(|due| !tells(due)) else {
            return;
        };
        let said = detail::fell_due(self.words, deal, due, self.model.current_detail());
        let inset = self.inset();
        let spans = vec![
            Span::new("! DUE", Role::Fire),
            Span::text("  "),
            Span::strong(said),
        ];
        self.lines.push(Line::para(inset, inset + 7, spans));
        self.lines.push(Line::Blank);
    }

    /// Whether somebody is still to speak, who would hear what the cockpit says.
    fn is_asked_unseen(&self) -> bool {
        matches!(self.page.talk(), Talk::Asking | Talk::Revealing)
    }

    fn is_fired(&self) -> bool {
        let standing = self.page.deal.and_then(|deal| self.model.standing(deal));
        standing.is_some_and(|standing| standing.decision == Decision::Fired)
    }

    fn inset(&self) -> u16 {
        if self.airy { 3 } else { 1 }
    }

    fn key(&self, command: Command) -> Span {
        let keys = self.model.keymap.keys_of(command);
        let key = keys.first().map(|key| key.label(self.model.spells_keys()));
        Span::key(key.unwrap_or_default())
    }

    fn words_and_keys(&mut self, parts: &[(Command, &str)]) {
        let mut spans = Vec::new();
        for (at, (command, says)) in parts.iter().enumerate() {
            if at > 0 {
                spans.push(Span::text(if self.airy { "      " } else { "  " }));
            }
            spans.push(self.key(*command));
            // The key stays on the line of its words.
            spans.push(Span::text(format!(" {says}").replace(' ', "\u{a0}")));
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
                most: if self.airy { 3 } else { 1 },
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
            let because = Free::new(request.reasons.join(", "));
            let because = self.words.free(Some(table.deal), &because);
            let spans = vec![
                Span::text(because),
                Span::text("  "),
                Span::key(":stands"),
                Span::text(" or "),
                Span::key(":overrule"),
                Span::text(" and why"),
            ];
            self.lines.push(Line::para(indent, indent, spans));
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
        let Some(manager) = self.page.manager().filter(|_| !self.is_fired()) else {
            return;
        };
        let spans = vec![
            Span::text(format!("{} may say  ", safe(manager))),
            Span::strong(quoted(YOU_MAY_FIRE_THEM)),
            Span::text("  "),
            self.key(Command::MayFire),
            Span::text(if self.airy {
                " puts it on record"
            } else {
                " says so"
            }),
        ];
        self.lines.push(Line::para(inset, inset, spans));
        self.lines.push(Line::Blank);
    }

    /// The keys that decide; of what fell due, those that settle it.
    fn decide(&mut self) {
        let asks_nothing = self.page.talk() == Talk::Open;
        if self.is_fired() {
            if asks_nothing && is_fired_on_top(self.model) {
                self.words_and_keys(&[
                    (Command::TakeBack, "reinstate"),
                    (Command::Later, "in four weeks"),
                    (Command::LetGo, "let go"),
                ]);
            } else {
                let inset = self.inset();
                let spans = vec![
                    Span::text("It is fired.  "),
                    Span::key(":reinstate"),
                    Span::text(" takes it back, on terms"),
                ];
                self.lines.push(Line::para(inset, inset, spans));
            }
            return;
        }
        let ask = if self.airy {
            "ask first, with a date"
        } else {
            "ask first"
        };
        if !is_tripwire_due(self.model) {
            self.words_and_keys(&[
                (Command::Fire, "fire"),
                (Command::Hold, "hold"),
                (Command::Continue, "continue"),
                (Command::Ask, ask),
            ]);
            return;
        }
        // While answers are asked for, the key of what happened is theirs.
        let happened = asks_nothing.then_some((Command::Happened, "it happened"));
        let rest = [
            (Command::FireAsPromised, "fire as promised"),
            (Command::KeepGoing, "keep going"),
            (Command::Hold, "hold"),
            (Command::Ask, ask),
        ];
        let keys: Vec<_> = happened.into_iter().chain(rest).collect();
        self.words_and_keys(&keys);
    }
}
