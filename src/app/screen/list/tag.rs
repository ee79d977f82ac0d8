//! What stands behind a deal's name: its weakest link, its ask, its next step, its decision.

use super::super::doc::Span;
use super::super::text;
use super::super::words::{Words, safe, verdict};
use crate::app::list::List;
use crate::app::model::Model;
use crate::domain::deal::{Decision, ListRow, Status};
use crate::domain::eval::{DealEval, Due};
use crate::domain::signal::{Level, Signal, SignalId};
use crate::domain::verdict::{Reason, Verdict};

/// What stands behind a deal's name: its weakest link, its ask, its next step; the verdict where
/// no heading says it; the decision where one was taken.
pub fn tag(list: &List, row: &ListRow, model: &Model, words: &Words<'_>, width: u16) -> Vec<Span> {
    let eval = row.eval.as_ref();
    if let Some(eval) = eval
        && let Some(due) = eval.due
    {
        return vec![Span::text(due_words(due, width))];
    }
    if let Some(decided) = decided(row, words, width) {
        return vec![Span::text(decided)];
    }
    let Some(eval) = eval else { return Vec::new() };
    let Some(suggested) = eval.verdict else {
        return Vec::new();
    };
    if list.groups.is_empty() {
        return verdict(suggested);
    }
    let said = match suggested {
        Verdict::Fire => firing(eval, model, width),
        Verdict::GetToNo => asking(row, eval, model, words, width),
        Verdict::Continue => step(row, words, width),
    };
    let chance = eval
        .chance
        .map(|chance| format!(" \u{b7} {chance:.0}\u{a0}%"));
    let chance = chance.filter(|chance| text::width(&said) + text::width(chance) <= width);
    vec![Span::text(format!("{said}{}", chance.unwrap_or_default()))]
}

/// Why a decided deal is on top again.
fn due_words(due: Due, width: u16) -> &'static str {
    match due {
        Due::Tripwire => "tripwire",
        Due::Hold => "hold ended",
        Due::Nurture if width < 12 => "nurture",
        Due::Nurture => "nurture date",
        Due::CameBack => "came back",
        Due::Worse => "worse now",
    }
}

/// What was decided, and when where that has room.
fn decided(row: &ListRow, words: &Words<'_>, width: u16) -> Option<String> {
    let with_day = |word: &str| {
        let day = row.decided.map(|day| format!("{word} {}", words.day(day)));
        let day = day.filter(|whole| text::width(whole) <= width);
        day.unwrap_or_else(|| word.to_owned())
    };
    match row.status {
        Status::Won => return Some("won".to_owned()),
        Status::Lost => return Some("lost".to_owned()),
        Status::Removed => return Some("removed".to_owned()),
        Status::Open => {}
    }
    match row.decision {
        Decision::Undecided => None,
        Decision::Fired => Some(with_day("fired")),
        Decision::Hold => Some(with_day("hold")),
        Decision::Continued => Some(with_day("goes on")),
    }
}

/// Why it is to be fired: what fires it by itself, else the weakest link.
fn firing(eval: &DealEval, model: &Model, width: u16) -> String {
    let by_itself = match eval.reasons.first() {
        // A column that is full would run into the days.
        Some(Reason::DeadOnPaper) if width > 13 => "dead on paper",
        Some(Reason::DeadOnPaper) => "on paper",
        Some(Reason::TripwirePassed) => "tripwire",
        Some(Reason::HardQuestionUnanswered) => "no reply",
        Some(
            Reason::KnockOut(_)
            | Reason::HardNoes(_)
            | Reason::Evidence(_)
            | Reason::ImportFirst
            | Reason::Earn(_)
            | Reason::AskNoes(_)
            | Reason::Points(_)
            | Reason::Coverage(_)
            | Reason::Red(_)
            | Reason::BadMoney,
        )
        | None => return weakest(eval, model),
    };
    by_itself.to_owned()
}

fn weakest(eval: &DealEval, model: &Model) -> String {
    let (Some(weakest), Some(bank)) = (eval.weakest, model.bank.as_deref()) else {
        return String::new();
    };
    bank.questions()
        .get(weakest.question.at())
        .map_or_else(String::new, |q| safe(&q.short))
}

fn asking(row: &ListRow, eval: &DealEval, model: &Model, words: &Words<'_>, width: u16) -> String {
    if let Some((_, due)) = &row.asked {
        return due.map_or_else(
            || "asked".to_owned(),
            |due| {
                let late = (words.today - due).num_days();
                let whole = if late > 0 {
                    format!("no reply {late}d")
                } else {
                    format!("asked {}", words.near_day(due))
                };
                let short = if late > 0 { "no reply" } else { "asked" };
                if text::width(&whole) <= width {
                    whole
                } else {
                    short.to_owned()
                }
            },
        );
    }
    if let Some(open) = open_for(eval, words).filter(|open| text::width(open) <= width) {
        return open;
    }
    if eval.core_asked == 0 {
        let told = told(eval).filter(|told| text::width(told) <= width);
        return told.unwrap_or("know little").to_owned();
    }
    let question = eval.ask.zip(model.bank.as_deref());
    let question = question.and_then(|(ix, bank)| bank.questions().get(ix.at()));
    question.map_or_else(
        || "nothing left".to_owned(),
        |question| {
            let short = safe(&question.short);
            let asked = format!("ask: {short}");
            if text::width(&asked) <= width {
                asked
            } else {
                short
            }
        },
    )
}

/// How long it is open, or late, where that is too long and no person answered anything: many deals
/// of a file without activity are, and how long is what tells them apart.
fn open_for(eval: &DealEval, words: &Words<'_>) -> Option<String> {
    let is_record_alone = usize::from(eval.core_asked) <= eval.recorded.len();
    let open = eval.signals.iter().filter(|signal| !signal.settled);
    let mut of_time = open.filter_map(|signal| {
        let days = signal.figures.get("days", words.today)?;
        match (signal.id, signal.level) {
            (SignalId::OpenLong, _) => Some(format!("open {days} d")),
            (SignalId::Overdue, Level::Red) => Some(format!("late {days} d")),
            (_, _) => None,
        }
    });
    of_time.next().filter(|_| is_record_alone)
}

/// What the record says by itself of a deal of which nothing is answered: its first red signal,
/// else the first amber one that counted something.
fn told(eval: &DealEval) -> Option<&'static str> {
    let open = || eval.signals.iter().filter(|signal| !signal.settled);
    let red = open().find(|signal| signal.level == Level::Red);
    let counted = |signal: &&Signal| signal.level == Level::Amber && !signal.figures.is_empty();
    let signal = red.or_else(|| open().find(counted))?;
    Some(signal.id.kind().title)
}

/// The next step, shortened so that its day stays in sight.
fn step(row: &ListRow, words: &Words<'_>, width: u16) -> String {
    let Some(next) = &row.next_step else {
        let words = if width < 12 {
            "no step"
        } else {
            "no next step"
        };
        return words.to_owned();
    };
    let text = words.free(Some(row.id), next);
    let Some(due) = row.next_step_due else {
        return text;
    };
    let day = words.near_day(due);
    let whole = format!("{text} {day}");
    let near = (-1..=6).contains(&(due - words.today).num_days());
    if text::width(&whole) <= width || !near {
        // A day that is far away gives way to the words.
        return if text::width(&whole) <= width {
            whole
        } else {
            text
        };
    }
    let room = width.saturating_sub(text::width(&day) + 1);
    format!("{} {day}", text::cut(&text, room))
}
