//! What came back: one ask, large; one key says what they answered.

use super::doc::{Line, Role, Row, Span};
use super::text::{height_of, width};
use super::words::{Words, quoted, safe};
use super::{Page, head, squeeze};
use crate::app::command::Command;
use crate::app::model::Model;
use crate::app::week::WeekPage;
use crate::domain::deal::WeekAsk;
use crate::domain::shown::Free;

/// The keys that answer, with what they say.
const KEYS: [(Command, &str, &str); 8] = [
    (Command::AnswerYesShown, "yes, it happened", "shown"),
    (Command::AnswerYesSaid, "yes, they told us", "said"),
    (Command::AnswerYes, "yes, I think so", "hunch"),
    (Command::AnswerUnknown, "they do not know", "stays open"),
    (Command::AnswerPartly, "partly", ""),
    (Command::AnswerNo, "no", "counts in full"),
    (Command::NoReply, "no reply yet", "stays on the week"),
    (Command::NotAsked, "I did not ask", "stays on the week"),
];

/// The first row of the page.
pub fn title(model: &Model, week: &WeekPage) -> Row {
    let place = week.back.as_ref().map_or_else(String::new, |back| {
        format!("{} of {}", back.at + 1, back.asks.len())
    });
    head::titled(
        model,
        vec![Span::new("What came back?", Role::Head)],
        &place,
    )
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, week: &WeekPage) -> Page {
    let column = match model.size.width {
        ..100 => model.size.width,
        100..160 => 92,
        _ => 104,
    };
    let room = usize::from(model.size.height.saturating_sub(5));
    let mut lines = match week.current_ask() {
        Some(ask) => asking(model, words, week, ask),
        None => vec![Line::Blank, Line::words(3, "loading…", Role::Quiet)],
    };
    if height_of(&lines, column.saturating_sub(1)) > room {
        squeeze(&mut lines, column.saturating_sub(1), room);
    }
    Page {
        column,
        lines,
        scroll: 0,
        middle: true,
        ruled: true,
        after: vec![tally(words, week)],
    }
}

fn asking(model: &Model, words: &Words<'_>, week: &WeekPage, ask: &WeekAsk) -> Vec<Line> {
    let mut who = vec![Span::strong(words.name(ask.deal, &ask.name))];
    who.push(Span::text(" · "));
    who.push(Span::text(to_whom(words, ask)));
    let mut lines = vec![Line::Blank, Row::new(3).fill_spans(who).into(), Line::Blank];
    let said = quoted(&words.asked(model.bank.as_deref(), ask.deal, &ask.text));
    lines.push(Line::words(3, said, Role::Strong));
    lines.push(Line::Blank);
    let keys = KEYS.map(|(command, ..)| key(model, command));
    // A key that is spelled takes more cells than its sign.
    let widest = keys.iter().map(|key| width(key)).max().unwrap_or(0);
    for (key, (_, says, does)) in keys.into_iter().zip(KEYS) {
        lines.push(
            Row::new(5)
                .fixed((widest + 1).max(4), Span::key(key))
                .fixed(25, says)
                .fill(does)
                .into(),
        );
    }
    lines.push(Line::Blank);
    let typed = week.back.as_ref().and_then(|back| back.words.as_deref());
    let own = Span::key(key(model, Command::TheirWords));
    let spans = match typed {
        Some(text) => vec![
            Span::text("they said  "),
            Span::text(quoted(&words.free(Some(ask.deal), &Free::new(text)))),
        ],
        None => vec![
            own,
            Span::text(" their words first, if you want to keep them"),
        ],
    };
    lines.push(Line::para(3, 3, spans));
    lines
}

/// To whom it was put, and by when.
fn to_whom(words: &Words<'_>, ask: &WeekAsk) -> String {
    let whom = ask.contact.as_ref().filter(|name| !name.is_empty());
    let whom = whom.map_or_else(|| "them".to_owned(), |name| words.contact(ask.deal, name));
    match ask.due {
        Some(day) if day < words.today => format!("to {whom}, was due {}", words.near_day(day)),
        Some(day) => format!("to {whom}, by {}", words.near_day(day)),
        None => format!("to {whom}"),
    }
}

fn key(model: &Model, command: Command) -> String {
    let keys = model.keymap.keys_of(command);
    keys.first()
        .map_or_else(String::new, |key| safe(&key.label(model.spells_keys())))
}

fn tally(words: &Words<'_>, week: &WeekPage) -> Line {
    let text = week
        .data
        .as_ref()
        .map_or_else(String::new, |week| super::week::tally(words, week.tally()));
    Row::new(3).fill(Span::text(text)).into()
}
