//! Questions: one deal, one question, large; the keys that answer, what to say, what it did.

use super::checklist::{recorded, section_words, sign};
use super::doc::{Content, Glyph, Line, Para, Role, Row, Span, Width};
use super::text::{height_of, spans_width, width, wrap};
use super::words::{Words, must, quoted, safe, verdict};
use super::{Page, head, squeeze};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::update::judged::answers;
use crate::app::walk::{Walk, WalkNote};
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::{Bank, Must, Question, QuestionIx};
use crate::domain::calibration::{Outlook, Worth};
use crate::domain::deal::{AnswerRow, Detail};
use crate::domain::eval::DealEval;
use crate::domain::locale::Locale;
use crate::domain::verdict::walk_order;

/// The first row of the page.
pub fn title(model: &Model, words: &Words<'_>, walk: &Walk) -> Row {
    let name = model
        .current_detail()
        .map(|detail| words.full_name(&detail.deal))
        .or_else(|| {
            let row = model.list.row_of(walk.deal)?;
            Some(words.joined_name(row.id, row.account.as_ref(), &row.title))
        })
        .unwrap_or_default();
    let eval = model.eval(walk.deal);
    let section = walk
        .question
        .zip(model.bank.as_deref())
        .map(|(ix, bank)| &bank[ix]);
    let mut place = Vec::new();
    place.extend(section.map(|question| section_words(question.section).to_lowercase()));
    place.extend(eval.map(|eval| format!("{} of {}", eval.core_asked, eval.core_total)));
    head::titled(model, vec![Span::strong(name)], &place.join(" · "))
}

/// The page.
pub fn page(model: &Model, walk: &Walk) -> Page {
    let column = match model.size.width {
        ..100 => model.size.width,
        100..160 => 92,
        _ => 104,
    };
    let mut page = Page {
        column,
        lines: Vec::new(),
        scroll: 0,
        middle: true,
        ruled: true,
        after: Vec::new(),
    };
    let (Some(bank), Some(detail)) = (model.bank.as_deref(), model.current_detail()) else {
        page.lines = vec![Line::Blank, Line::words(3, "loading…", Role::Quiet)];
        return page;
    };
    let view = View {
        model,
        bank,
        detail,
        walk,
        airy: model.size.is_roomy(),
        column,
        locale: model.locale,
    };
    let room = usize::from(model.size.height.saturating_sub(5));
    // Where it is tight the empty lines go first, then what counts, then what to say.
    for keep in [Keep::All, Keep::NoCounts, Keep::Keys] {
        page.lines = view.lines(keep);
        squeeze(&mut page.lines, column.saturating_sub(1), room);
        if height_of(&page.lines, column.saturating_sub(1)) <= room {
            break;
        }
    }
    page.after = vec![view.strip(column)];
    page
}

/// How much of a question is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// All of it.
    All,
    /// All but what counts as evidence.
    NoCounts,
    /// The question, the keys and the figures.
    Keys,
}

struct View<'m> {
    model: &'m Model,
    bank: &'m Bank,
    detail: &'m Detail,
    walk: &'m Walk,
    airy: bool,
    column: u16,
    locale: Locale,
}

impl View<'_> {
    fn answer(&self, question: &Question) -> Option<&AnswerRow> {
        self.detail
            .answers
            .iter()
            .find(|row| row.question == question.id)
    }

    fn lines(&self, keep: Keep) -> Vec<Line> {
        let mut lines = vec![Line::Blank];
        match (self.walk.question, self.walk.note) {
            (_, Some(note)) => self.note(note, &mut lines),
            (Some(ix), None) => self.question(ix, keep, &mut lines),
            (None, None) => self.note(WalkNote::NoneLeft, &mut lines),
        }
        lines.push(Line::Blank);
        if self.airy {
            lines.push(Line::Blank);
        }
        self.figures(&mut lines);
        lines
    }

    fn question(&self, ix: QuestionIx, keep: Keep, lines: &mut Vec<Line>) {
        let question = &self.bank[ix];
        let gap = |lines: &mut Vec<Line>| {
            lines.push(Line::Blank);
            if self.airy {
                lines.push(Line::Blank);
            }
        };
        lines.push(Line::words(3, safe(&question.text), Role::Strong));
        if let Some(why) = self.why_next(ix) {
            lines.push(Line::words(3, why, Role::Quiet));
        }
        lines.push(Line::Blank);
        if keep == Keep::All && !question.counts_as_evidence.is_empty() {
            let counts = format!(
                "Counts: {}",
                lower_first(&safe(&question.counts_as_evidence))
            );
            lines.push(Line::words(3, counts, Role::Text));
            gap(lines);
        }
        let now = self.answer(question).map(|row| (row.value, row.grade));
        let keys: &[(Command, &str, &str)] = &[
            (Command::AnswerYesShown, "yes, it happened", "shown"),
            (Command::AnswerYesSaid, "yes, they told us", "said"),
            (Command::AnswerYes, "yes, I think so", "hunch"),
            (Command::AnswerPartly, "partly", ""),
            (Command::AnswerNo, "no, and we have asked", "counts in full"),
            (
                Command::Ask,
                "not asked yet: ask them",
                "onto the call sheet",
            ),
            (Command::Skip, "skip", "stays unknown"),
        ];
        let says_width = self.column.saturating_sub(36).clamp(25, 40);
        // A key that has a word for its name takes more than a letter.
        let names = keys.iter().map(|(command, ..)| width(&self.key(*command)));
        let key_width = names.max().unwrap_or(0).max(3) + 1;
        for (command, says, does) in keys {
            let key = self.key(*command);
            let mut row = Row::new(5)
                .fixed(key_width, Span::key(key))
                .fixed(says_width, *says)
                .fill(*does);
            if now.is_some_and(|now| is_answer(*command, now)) {
                row = row.fit(Span::new("now", Role::Accent));
            }
            lines.push(row.into());
        }
        if keep == Keep::Keys {
            return;
        }
        gap(lines);
        let eval = self.detail.eval.as_ref();
        let signals = eval.map_or(&[][..], |eval| &eval.signals);
        self.say(&safe(question.words_to_say(signals)), lines);
    }

    /// Why a question is worth asking now, in a calibrated bank.
    fn why_next(&self, ix: QuestionIx) -> Option<String> {
        let answers = answers(self.bank, self.detail);
        let worth = Worth::of(self.bank, &answers);
        let bits = worth.bits(ix)?;
        let open = walk_order(self.bank, &answers, &[]);
        let most = open.iter().filter_map(|other| worth.bits(*other));
        let is_most = most.fold(0.0, f64::max) <= bits;
        let bits = self.decimal(bits);
        Some(if is_most {
            format!("tells most: {bits} bit")
        } else {
            format!("tells {bits} bit")
        })
    }

    fn decimal(&self, number: f64) -> String {
        self.locale.decimal(number, 2)
    }

    /// Why nothing more has to be asked: nothing can change the verdict, or hardly anything.
    fn why_final(&self) -> String {
        let outlook = Outlook::of(self.bank, &answers(self.bank, self.detail));
        let basis = self.bank.basis();
        match outlook.zip(basis) {
            Some((outlook, basis)) if outlook.turn * 1000.0 < f64::from(basis.stop_at) => {
                let percent = self.locale.decimal(outlook.turn * 100.0, 0);
                format!(
                    " is final: what is open would turn the outcome in {percent}\u{a0}% of cases."
                )
            }
            Some(_) | None => " is final: no open answer can change it.".to_owned(),
        }
    }

    /// What to say to them, with the key that copies it in the column of labels.
    fn say(&self, words: &str, lines: &mut Vec<Line>) {
        const LABEL: u16 = 9;
        let spans = vec![Span::text(quoted(words))];
        let para = Para {
            indent: 0,
            hang: 1,
            spans,
            most: u16::MAX,
        };
        let room = self.column.saturating_sub(3 + LABEL + 4);
        let mut said = wrap(&para, room).into_iter().enumerate();
        let mut row = 0;
        loop {
            let text = said.next();
            if text.is_none() && row >= 2 {
                break;
            }
            let label = match row {
                0 => vec![Span::text("Say")],
                1 => vec![Span::key(self.key(Command::Copy)), Span::text(" copy")],
                _ => Vec::new(),
            };
            let mut spans = text.map_or_else(Vec::new, |(_, spans)| spans);
            if row > 0 {
                spans.insert(0, Span::text(" "));
            }
            lines.push(
                Row::new(3)
                    .fixed_spans(LABEL, label)
                    .fill_spans(spans)
                    .into(),
            );
            row += 1;
        }
    }

    fn note(&self, note: WalkNote, lines: &mut Vec<Line>) {
        let decide = |lines: &mut Vec<Line>, more: &[(Command, &str)]| {
            lines.push(Line::Blank);
            let mut spans = Vec::new();
            let three = [
                (Command::Fire, "fire"),
                (Command::Hold, "hold"),
                (Command::Continue, "continue"),
            ];
            for (command, word) in three.iter().chain(more) {
                if !spans.is_empty() {
                    spans.push(Span::text("   "));
                }
                spans.push(Span::key(self.key(*command)));
                spans.push(Span::text(format!("\u{a0}{}", word.replace(' ', "\u{a0}"))));
            }
            lines.push(Line::para(3, 3, spans));
        };
        match note {
            WalkNote::EnoughToFire(ix) => {
                lines.push(Line::words(3, safe(&self.bank[ix].text), Role::Strong));
                lines.push(Line::Blank);
                lines.push(Line::words(
                    3,
                    "They were asked and said no. That is enough to fire.",
                    Role::Fire,
                ));
                decide(
                    lines,
                    &[
                        (Command::Skip, "go on"),
                        (Command::QuestionBack, "take back"),
                    ],
                );
            }
            WalkNote::Final => {
                let mut spans = Vec::new();
                if let Some(suggested) = self.eval().and_then(|eval| eval.verdict) {
                    spans.extend(verdict(suggested));
                }
                spans.push(Span::strong(self.why_final()));
                lines.push(Line::para(3, 3, spans));
                lines.push(Line::Blank);
                lines.push(Line::words(
                    3,
                    "The rest need not be asked. You decide.",
                    Role::Text,
                ));
                decide(lines, &[(Command::Skip, "ask the rest")]);
            }
            WalkNote::NoneLeft => {
                lines.push(Line::words(3, "Nothing is left to ask.", Role::Strong));
                lines.push(Line::Blank);
                let text = "Every core question was asked, skipped, or is answered by the record.";
                lines.push(Line::words(3, text, Role::Text));
                decide(lines, &[(Command::QuestionBack, "back")]);
            }
        }
    }

    fn eval(&self) -> Option<&DealEval> {
        self.detail.eval.as_ref()
    }

    /// The range, the verdict and the musts, which move as answers come in.
    fn figures(&self, lines: &mut Vec<Line>) {
        let Some(eval) = self.eval() else { return };
        let fit = eval.fit;
        let mut row = Row::new(3)
            .fixed(6, "fit")
            .cell(
                Width::Fill,
                Content::Range {
                    lo: fit.lo,
                    hi: fit.hi,
                },
            )
            .right(12, format!("{:.0} to {:.0}", fit.lo, fit.hi));
        if let Some(suggested) = eval.verdict {
            let spans = verdict(suggested);
            let pad = 21_u16.saturating_sub(spans_width(&spans)).max(2);
            row = row.fixed(pad.min(8), "").fixed_spans(14, spans);
        }
        lines.push(row.into());
        let mut spans = Vec::new();
        for which in Must::ALL {
            if !spans.is_empty() {
                spans.push(Span::text("   "));
            }
            let short = &self.bank[self.bank.must(*which)].short;
            spans.extend(must(eval.musts.get(*which), short));
        }
        lines.push(Row::new(3).fixed(6, "needs").fill_spans(spans).into());
    }

    /// The core in the order of the walk: what came of each, and where one is.
    fn strip(&self, column: u16) -> Line {
        let mut spans: Vec<Span> = Vec::new();
        let core: Vec<QuestionIx> = self
            .bank
            .iter()
            .filter(|(_, q)| q.core)
            .map(|(ix, _)| ix)
            .collect();
        let room = column.saturating_sub(4);
        for (at, ix) in core.iter().enumerate() {
            let mut next = self.mark(*ix);
            if at > 0 {
                next.insert(0, Span::text("  "));
            }
            let left = core.len() - at - 1;
            let more = if left > 0 {
                2 + width(&format!("· {left} more"))
            } else {
                0
            };
            if spans_width(&spans) + spans_width(&next) + more > room {
                let rest = core.len() - at;
                spans.push(Span::text("  "));
                spans.push(Span::sign(Glyph::NotReached, Role::Quiet));
                spans.push(Span::text(format!(" {rest} more")));
                break;
            }
            spans.extend(next);
        }
        // Under the question where the column stands free, else at the edge.
        let indent = if column < self.model.size.width { 3 } else { 1 };
        Row::new(indent).fill_spans(spans).into()
    }

    fn mark(&self, ix: QuestionIx) -> Vec<Span> {
        let question = &self.bank[ix];
        let short = safe(&question.short);
        if self.walk.question == Some(ix) {
            return vec![Span::new(format!("[{short}]"), Role::Accent)];
        }
        let skipped = self.walk.skipped.contains(&ix);
        let told = self.answer(question).map(|row| row.value);
        let record = || recorded(self.detail, ix, question).map(|row| row.value);
        let (glyph, role) = match told.or_else(record) {
            Some(value) => sign(Some(value)),
            None if skipped => (Glyph::Open, Role::Open),
            None => (Glyph::NotReached, Role::Quiet),
        };
        vec![Span::sign(glyph, role), Span::text(format!(" {short}"))]
    }

    fn key(&self, command: Command) -> String {
        let keys = self.model.keymap.keys_of(command);
        keys.first()
            .map_or_else(String::new, |keys| keys.label(self.model.spells_keys()))
    }
}

/// Whether a key gives the answer that is in force.
fn is_answer(command: Command, now: (Value, Grade)) -> bool {
    let given = match now {
        (Value::Yes, Grade::Shown) => Command::AnswerYesShown,
        (Value::Yes, Grade::Said) => Command::AnswerYesSaid,
        (Value::Yes, Grade::Hunch) => Command::AnswerYes,
        (Value::Partly, _) => Command::AnswerPartly,
        (Value::No, Grade::Said | Grade::Shown) => Command::AnswerNo,
        (Value::Yes | Value::No | Value::Unknown | Value::NotApplicable, _) => return false,
    };
    command == given
}

/// Makes the first letter small, unless the word is written in capitals.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let (Some(first), second) = (chars.next(), chars.clone().next()) else {
        return String::new();
    };
    if second.is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_lowercase().chain(chars).collect()
}
