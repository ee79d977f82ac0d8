//! What is known and what is not: the questions by section, then what is owed, then the tripwire.

use super::doc::{Glyph, Line, Picked, Role, Row, Span};
use super::words::{Words, capital, quoted, safe};
use crate::app::model::{Model, Pane};
use crate::domain::answer::{Grade, Value};
use crate::domain::bank::{Bank, Question, QuestionIx, Section};
use crate::domain::deal::{AnswerRow, CommitmentRow, CommitmentState, Detail, Side, Word};
use crate::domain::eval::Due;
use crate::domain::ids::DealId;
use crate::domain::signal::SignalId;

/// Columns from which on their words stand beside an answer.
const ROOM_FOR_WORDS: u16 = 50;

/// What stands over the pane.
pub fn title(model: &Model, words: &Words<'_>) -> Row {
    let row = Row::new(1).fill(Span::new("Discovery", Role::Head));
    let eval = model.current_deal().and_then(|id| model.eval(id));
    let count = eval.filter(|eval| eval.core_total > 0).map(|eval| {
        let number = |n: u16| words.locale.number(i64::from(n));
        format!("{} of {}", number(eval.core_asked), number(eval.core_total))
    });
    let row = row.fit(Span::text(count.unwrap_or_default()));
    if model.zoom || model.size.panes() < 3 {
        row.fit_spans(vec![
            Span::text("   "),
            Span::key("Tab"),
            Span::text(" deal"),
        ])
    } else {
        row
    }
}

/// The name of a section.
pub fn section_words(section: Section) -> &'static str {
    match section {
        Section::TheyFitUs => "They fit us",
        Section::WeFitThem => "We fit them",
        Section::Money => "Good money",
        Section::Conduct => "Our own part",
    }
}

/// The questions that the checklist lists, in its order: by section, the core first, then what
/// was asked beyond it; all of them on request.
pub fn questions(bank: &Bank, detail: Option<&Detail>, all: bool) -> Vec<QuestionIx> {
    let asked = |question: &Question| {
        detail.is_some_and(|detail| detail.answers.iter().any(|row| row.question == question.id))
    };
    let mut listed = Vec::new();
    for section in Section::ALL {
        let of_section = bank
            .iter()
            .filter(|(_, question)| question.section == *section);
        let shown = of_section.filter(|(_, question)| all || question.core || asked(question));
        listed.extend(shown.map(|(ix, _)| ix));
    }
    listed
}

/// The lines of the checklist, and which of them has the cursor.
pub fn lines(model: &Model, words: &Words<'_>, width: u16) -> (Vec<Line>, Option<usize>) {
    let (Some(bank), Some(id)) = (model.bank.as_deref(), model.current_deal()) else {
        return (Vec::new(), None);
    };
    let mut cursor = None;
    let detail = model.current_detail();
    let here = model.pane == Pane::Checklist && model.overlays.is_empty();
    let listed = questions(bank, detail, model.detail.all_questions);
    let mut lines = Vec::new();
    let mut section = None;
    for ix in &listed {
        let question = &bank[*ix];
        if section != Some(question.section) {
            if section.is_some() {
                lines.push(Line::Blank);
            }
            section = Some(question.section);
            lines.push(Line::head(1, section_words(question.section)));
        }
        let told = detail.and_then(|d| d.answers.iter().find(|row| row.question == question.id));
        let recorded = detail.and_then(|d| recorded(d, *ix, question));
        let answer = told.or(recorded.as_ref());
        let under_cursor = model.detail.promise.is_none() && model.detail.question == Some(*ix);
        let picked = match (under_cursor && model.pane == Pane::Checklist, here) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        };
        if picked != Picked::No {
            cursor = Some(lines.len());
        }
        // Under the cursor they stand in full below the question.
        let said = (width >= ROOM_FOR_WORDS && picked != Picked::Here)
            .then(|| answer.and_then(|row| row.evidence.as_ref()))
            .flatten()
            .filter(|said| !said.is_empty())
            .map(|said| quoted(&words.free(Some(id), said)));
        lines.push(
            question_row(question, answer, words, said)
                .picked(picked)
                .into(),
        );
        if picked == Picked::Here {
            lines.push(Line::words(3, safe(&question.text), Role::Text));
            if let Some(said) = answer
                .and_then(|row| row.evidence.as_ref())
                .filter(|e| !e.is_empty())
            {
                let said = words.free(Some(id), said);
                lines.push(Line::words(3, quoted(&said), Role::Quiet));
            }
        }
    }
    let rest = bank.questions().len() - listed.len();
    if rest > 0 {
        lines.push(Line::Blank);
        let number = words.locale.number(rest as i64);
        let noun = if rest == 1 { "question" } else { "questions" };
        lines.push(Line::words(3, format!("{number} more {noun}"), Role::Text));
    }
    if let Some(detail) = detail {
        let picked = |row: &CommitmentRow| {
            let under_cursor = model.promise().is_some_and(|here| here.id == row.id);
            match (under_cursor, model.overlays.is_empty()) {
                (true, true) => Picked::Here,
                (true, false) => Picked::There,
                (false, _) => Picked::No,
            }
        };
        // The deal beside it says what fell due and how often they kept their word.
        let is_beside = !model.zoom && model.size.panes() == 3;
        let eval = detail.eval.as_ref();
        let word_is_told = is_beside
            && eval.is_some_and(|eval| {
                let mut signals = eval.signals.iter();
                signals.any(|s| s.id == SignalId::TheirWord && !s.settled)
            });
        let on_owed = owed(detail, words, id, !word_is_told, picked, &mut lines);
        cursor = on_owed.or(cursor);
        let due = eval.and_then(|eval| eval.due);
        if due != Some(Due::Tripwire) || !is_beside {
            tripwire(detail, words, id, &mut lines);
        }
    }
    (lines, cursor)
}

/// The sign of an answer, and how well it is known.
fn question_row(
    question: &Question,
    answer: Option<&AnswerRow>,
    words: &Words<'_>,
    said: Option<String>,
) -> Row {
    let (sign, role) = sign(answer.map(|row| row.value));
    let short = Span::text(capital(&safe(&question.short)));
    let row = Row::new(1).fixed_spans(2, vec![Span::sign(sign, role)]);
    let row = match said {
        Some(said) => row.fixed(15, short).fill(Span::quiet(said)),
        None => row.fill(short),
    };
    row.fit(Span::text(format!(
        " {}",
        grade_words(question, answer, words)
    )))
}

/// What the record answers, where no person did.
pub fn recorded(detail: &Detail, ix: QuestionIx, question: &Question) -> Option<AnswerRow> {
    let all = &detail.eval.as_ref()?.recorded;
    let one = all.iter().find(|one| one.question == ix)?;
    let is_told = detail.answers.iter().any(|row| row.question == question.id);
    (!is_told).then(|| AnswerRow {
        question: question.id.clone(),
        value: one.answer.value,
        grade: one.answer.grade,
        day: one.answer.as_of,
        evidence: None,
        who: None,
    })
}

/// The sign of an answer.
pub fn sign(value: Option<Value>) -> (Glyph, Role) {
    match value {
        Some(Value::Yes) => (Glyph::Yes, Role::Good),
        Some(Value::Partly) => (Glyph::Partly, Role::Text),
        Some(Value::No) => (Glyph::No, Role::Fire),
        Some(Value::NotApplicable) => (Glyph::NotFor, Role::Quiet),
        Some(Value::Unknown) | None => (Glyph::Open, Role::Open),
    }
}

/// How well an answer is known, in one word.
fn grade_words(question: &Question, answer: Option<&AnswerRow>, words: &Words<'_>) -> String {
    let Some(row) = answer else {
        return String::new();
    };
    let age = (words.today - row.day).num_days();
    let old = row.value == Value::Yes && age > i64::from(question.shelf_days);
    let word = match (row.value, row.grade) {
        (Value::NotApplicable, _) => "not for them",
        (Value::Unknown, _) => "unknown",
        (Value::No, Grade::Said) => "asked",
        (_, Grade::Hunch) => "hunch",
        (_, Grade::Said) => "said",
        (_, Grade::Shown) => "shown",
        (_, Grade::Record) => "record",
    };
    if old {
        format!("{word}, {age} d old")
    } else {
        word.to_owned()
    }
}

/// What each side promised the other, how often they kept it, and what was traded for what.
/// Returns the line that has the cursor.
fn owed(
    detail: &Detail,
    words: &Words<'_>,
    id: DealId,
    says_rate: bool,
    picked: impl Fn(&CommitmentRow) -> Picked,
    lines: &mut Vec<Line>,
) -> Option<usize> {
    if detail.commitments.is_empty() {
        return None;
    }
    lines.push(Line::Blank);
    let they = Word::count(&detail.commitments, words.today).they;
    let kept = if says_rate && they.of > 0 {
        format!("they kept {} of {}", they.kept, they.of)
    } else {
        String::new()
    };
    let head = Row::new(1)
        .fill(Span::new("Owed", Role::Head))
        .fit(Span::text(kept));
    lines.push(head.into());
    let mut cursor = None;
    for row in &detail.commitments {
        let who = match row.side {
            Side::They => "they",
            Side::We => "we",
        };
        let (state, role) = commitment_words(row, words);
        let selected = picked(row);
        if selected != Picked::No {
            cursor = Some(lines.len());
        }
        let line = Row::new(1)
            .fixed(6, who)
            .fill(Span::text(words.free(Some(id), &row.what)))
            .fit(Span::new(format!(" {state}"), role))
            .picked(selected);
        lines.push(line.into());
        let paired = row.paired.and_then(|other| {
            let mut rows = detail.commitments.iter();
            rows.find(|row| row.id == other)
        });
        if let Some(paired) = paired {
            let words = format!("for {}", words.free(Some(id), &paired.what));
            lines.push(Line::words(7, words, Role::Quiet));
        }
    }
    cursor
}

/// How a commitment stands: its day while it is open, else what became of it.
fn commitment_words(row: &CommitmentRow, words: &Words<'_>) -> (String, Role) {
    let Some(due) = row.due.filter(|_| row.state == CommitmentState::Open) else {
        let done = row.state == CommitmentState::Kept && row.side == Side::We;
        let word = if done { "done" } else { row.state.code() };
        let role = if row.state == CommitmentState::Missed {
            Role::Fire
        } else {
            Role::Text
        };
        return (safe(word), role);
    };
    let late = due < words.today;
    let day = words.day(due);
    if late {
        (format!("{day} late"), Role::Fire)
    } else {
        (day, Role::Text)
    }
}

/// What the rep promised themselves.
fn tripwire(detail: &Detail, words: &Words<'_>, id: DealId, lines: &mut Vec<Line>) {
    let Some(tripwire) = detail.open_tripwire() else {
        return;
    };
    lines.push(Line::Blank);
    let mut head = vec![Span::new("Tripwire", Role::Head)];
    if tripwire.moved > 0 {
        let times = if tripwire.moved == 1 {
            "once".to_owned()
        } else {
            format!("{} times", tripwire.moved)
        };
        head.push(Span::text(format!(" moved {times}")));
    }
    // Its day stands in the sentence; that it has come is said here.
    let due = if tripwire.due <= words.today {
        "! due"
    } else {
        ""
    };
    lines.push(
        Row::new(1)
            .fill_spans(head)
            .fit(Span::new(due, Role::Fire))
            .into(),
    );
    lines.push(Line::words(
        1,
        words.said(Some(id), &tripwire.sentence),
        Role::Text,
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::{Desk, today};
    use crate::domain::answer::Answer;
    use crate::domain::eval::Recorded;

    #[test]
    fn the_record_answers_where_no_person_did() {
        let desk = Desk::new(1);
        let bank = Bank::default_bank();
        let ix = bank.find("SIL1").unwrap();
        let mut detail = desk.detail(1);
        assert!(recorded(&detail, ix, &bank[ix]).is_none());

        let answer = Answer::new(Value::No, Grade::Record, today());
        let eval = detail.eval.as_mut().unwrap();
        eval.recorded = vec![Recorded {
            question: ix,
            answer,
        }];
        let row = recorded(&detail, ix, &bank[ix]).unwrap();
        assert_eq!((row.value, row.grade), (Value::No, Grade::Record));

        detail.answers = vec![AnswerRow {
            value: Value::Yes,
            grade: Grade::Said,
            ..row
        }];
        assert!(
            recorded(&detail, ix, &bank[ix]).is_none(),
            "a person answered"
        );
    }
}
