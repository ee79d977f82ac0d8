//! The list of deals: headings with counts and hours, and one line a deal.

mod name;
mod tag;

use super::doc::{Glyph, Line, Picked, Role, Row, Span};
use super::text;
use super::words::{Words, safe};
use crate::app::layout::{ListLine, Size};
use crate::app::list::{List, WHOLE};
use crate::app::model::Model;
use crate::domain::deal::{Decision, ListRow, Status, cover_is_unknown};
use crate::domain::query::{Field, Order};
use crate::domain::shown::Free;
use crate::domain::verdict::Verdict;
use crate::domain::view::{Group, Heading, View};
use name::Names;

/// Columns from which on a row has its amount.
const AMOUNT_FROM: u16 = 140;

/// What stands over the list: what it shows, and where the cursor is in it.
pub fn title(model: &Model, words: &Words<'_>, width: u16) -> Row {
    let list = &model.list;
    let view = &list.query.view;
    let mut shows = vec![Span::text(if let View::Saved(name) = view {
        words.free(None, &Free::new(name.as_str()))
    } else {
        safe(&view.title())
    })];
    if !list.query.text.is_empty() {
        // What was typed may name what a mask hides.
        let hidden = words.mask.hides_names();
        let text = if hidden {
            "filtered".to_owned()
        } else {
            safe(&list.query.text)
        };
        shows.push(Span::text(" · "));
        shows.push(Span::new(text, Role::Accent));
    }
    if list.query.order != Order::Queue {
        shows.push(Span::text(format!(" · by {}", list.query.order.name())));
    }
    let mut left = vec![Span::new("Deals", Role::Head), Span::text(" · ")];
    left.append(&mut shows);
    let number = |n: usize| words.locale.number(n as i64);
    let place = if list.is_sorting() {
        "sorting…".to_owned()
    } else if list.ids.is_empty() {
        "none".to_owned()
    } else {
        let more = if list.partial { "+" } else { "" };
        format!(
            "{} of {}{more}",
            number(list.cursor + 1),
            number(list.ids.len())
        )
    };
    // Where it is tight, what is shown says enough.
    if text::spans_width(&left) + text::width(&place) + 4 > width {
        left.drain(..2);
    }
    let row = Row::new(1)
        .fill_spans(left)
        .fit(Span::text(format!("  {place}")));
    if model.zoom || model.size.panes() == 1 {
        row.fit_spans(vec![
            Span::text("   "),
            Span::key("Tab"),
            Span::text(" deal"),
        ])
    } else {
        row
    }
}

/// The lines of the list that are on screen.
pub fn lines(
    model: &Model,
    words: &Words<'_>,
    (width, height): (u16, u16),
    here: bool,
) -> Vec<Line> {
    let list = &model.list;
    if list.ids.is_empty() {
        return empty(model, words);
    }
    let columns = Columns::of(model);
    // A folded list fits any height, so it can leave room for what is behind one.
    let roomy = model.size.is_roomy();
    let leaves = list.folds() && roomy && has_gone(model);
    let height_of_rows = if leaves {
        height.saturating_sub(2)
    } else {
        height
    };
    let shown = list.shape().lines(height_of_rows, roomy);
    let names = names(words, list, &shown);
    let mut lines: Vec<Line> = shown
        .into_iter()
        .map(|line| match line {
            ListLine::Blank => Line::Blank,
            ListLine::Heading(group) => heading(&list.groups[group], !list.partial, words),
            ListLine::More(count) => Line::Row(Row::new(3).fill(Span::quiet(format!(
                "{} more",
                words.locale.number(count as i64)
            )))),
            ListLine::Row(place) => {
                let room = width.saturating_sub(columns.beside());
                let name = list.row(place).map(|row| names.name(words, row, room));
                Line::Row(deal_row(model, words, &columns, place, name, here))
            }
        })
        .collect();
    gone_today(model, words, height, &mut lines);
    lines
}

/// Counts the names among which a row is told apart: those of a list that is loaded as a whole, else
/// those on screen. Rows that are loaded around them would change what they are called a moment later.
fn names<'l>(words: &Words<'_>, list: &'l List, shown: &[ListLine]) -> Names<'l> {
    if list.ids.len() <= WHOLE {
        return Names::of(words, list.rows.values());
    }
    let on_screen = shown.iter().filter_map(|line| match line {
        ListLine::Row(place) => list.row(*place),
        ListLine::Blank | ListLine::Heading(_) | ListLine::More(_) => None,
    });
    Names::of(words, on_screen)
}

/// Whether something was fired in this sitting.
fn has_gone(model: &Model) -> bool {
    model.facts.fired_today > 0 && model.list.query.view == View::ToDecide
}

/// The last line of a sitting that has room for it: what is behind one.
fn gone_today(model: &Model, words: &Words<'_>, height: u16, lines: &mut Vec<Line>) {
    if !has_gone(model) || lines.len() + 2 > usize::from(height) {
        return;
    }
    let gone = model.facts.fired_today;
    if !matches!(lines.last(), Some(Line::Blank)) {
        lines.push(Line::Blank);
    }
    let number = words.locale.number(gone.try_into().unwrap_or(i64::MAX));
    let row = Row::new(1).fill_spans(vec![
        Span::text(format!("Gone today {number} · ")),
        Span::key("v"),
        Span::text(" gone"),
    ]);
    lines.push(row.into());
}

/// The words of a heading; its figures only where all of its deals are known.
fn heading(group: &Group, is_whole: bool, words: &Words<'_>) -> Line {
    let (name, role) = match group.heading {
        Heading::Due => ("DUE", Role::Fire),
        Heading::Fire => (Verdict::Fire.words(), Role::Fire),
        Heading::GetToNo => (Verdict::GetToNo.words(), Role::Open),
        Heading::Continue => (Verdict::Continue.words(), Role::Good),
        Heading::Continued => ("Continued", Role::Head),
        Heading::OnHold => ("On hold", Role::Head),
        Heading::Gone => ("Gone", Role::Head),
        Heading::Closed => ("Closed", Role::Head),
    };
    let mut spans = vec![Span::new(name, role)];
    if !is_whole {
        return Row::new(1).fill_spans(spans).into();
    }
    spans.push(Span::new(
        format!(" {}", words.locale.number(group.count as i64)),
        Role::Head,
    ));
    if let Some(hours) = group.hours.filter(|hours| *hours >= 0.5) {
        let hours = words.locale.number(hours.round() as i64);
        let text = match group.heading {
            Heading::Continue | Heading::Continued => format!(" · {hours} h this week"),
            Heading::Due
            | Heading::Fire
            | Heading::GetToNo
            | Heading::OnHold
            | Heading::Gone
            | Heading::Closed => format!(" · {hours} h back"),
        };
        spans.push(Span::text(text));
    }
    Row::new(1).fill_spans(spans).into()
}

/// The widths of the columns of a row.
struct Columns {
    tag: u16,
    amount: u16,
    days: u16,
}

impl Columns {
    fn of(model: &Model) -> Self {
        // Where the record knows no act of anyone's, their days would be a column of nothing.
        let acts = |row: &ListRow| {
            row.eval
                .as_ref()
                .is_some_and(|eval| eval.last_act.is_some())
        };
        let days = model.list.rows.values().any(acts);
        let mut columns = Self::with_days(model.size);
        if !days {
            columns.tag += columns.days / 2;
            columns.days = 0;
        }
        if model.list.rows.values().all(|row| row.amount.is_none()) {
            columns.amount = 0;
        }
        columns
    }

    /// Cells of a row that are not its name's.
    fn beside(&self) -> u16 {
        5 + self.tag + self.amount + self.days
    }

    fn with_days(size: Size) -> Self {
        if size.width >= AMOUNT_FROM {
            Self {
                tag: 16,
                amount: 8,
                days: 5,
            }
        } else {
            Self {
                tag: 12,
                amount: 0,
                days: 4,
            }
        }
    }
}

/// One deal.
fn deal_row(
    model: &Model,
    words: &Words<'_>,
    columns: &Columns,
    place: usize,
    name: Option<String>,
    here: bool,
) -> Row {
    let list = &model.list;
    let picked = match (place == list.cursor, here) {
        (true, true) => Picked::Here,
        (true, false) => Picked::There,
        (false, _) => Picked::No,
    };
    let Some(row) = list.row(place) else {
        // Its row is on the way; nothing blinks, the line fills in when it is here.
        return Row::new(3).fill(Span::quiet("…")).picked(picked);
    };
    let id = row.id.short();
    let marked = list.marks.contains(&id);
    let mut line = Row::new(1).picked(picked);
    line = line.fixed_spans(2, state(list, row, id, marked));
    line = line.fill(Span::text(name.unwrap_or_default())).fixed(1, "");
    let days = silent(row, words);
    // Where the days fill their column, the gap before them is the last cell of this one.
    let is_tight = columns.days > 0 && columns.amount == 0 && text::width(&days) >= columns.days;
    let room = columns.tag - u16::from(is_tight);
    line = line.fixed_spans(columns.tag, tag::tag(list, row, model, words, room));
    if columns.amount > 0 {
        let amount = row
            .amount
            .map_or_else(String::new, |money| words.short_money(money));
        line = line.right(columns.amount, Span::text(amount));
    }
    if columns.days == 0 {
        return line;
    }
    line.right(columns.days, Span::text(days))
}

/// Days since their last act; a dash where none is on record, and nothing on a closed deal.
fn silent(row: &ListRow, words: &Words<'_>) -> String {
    let days = row
        .eval
        .as_ref()
        .and_then(|eval| words.silence(eval.last_act));
    let is_due = row.eval.as_ref().is_some_and(|eval| eval.due.is_some());
    match (days, row.status) {
        // Nobody waits for one who was let go.
        _ if row.decision == Decision::Fired && !is_due => String::new(),
        (Some(days), _) => ago(days),
        (None, Status::Open) => "-".to_owned(),
        (None, Status::Won | Status::Lost | Status::Removed) => String::new(),
    }
}

/// Days in four cells: `61d`, and weeks where they would take more.
fn ago(days: i64) -> String {
    if days < 1_000 {
        format!("{days}d")
    } else {
        format!("{}w", (days / 7).min(999))
    }
}

/// What stands before a deal's name.
fn state(list: &List, row: &ListRow, id: u32, marked: bool) -> Vec<Span> {
    let due = row.eval.as_ref().is_some_and(|eval| eval.due.is_some());
    if marked {
        vec![Span::sign(Glyph::Marked, Role::Accent)]
    } else if due {
        vec![Span::sign(Glyph::Due, Role::Fire)]
    } else if list.moved.contains(&id) {
        vec![Span::sign(Glyph::Moved, Role::Accent)]
    } else if row.asked.is_some() {
        vec![Span::sign(Glyph::Waiting, Role::Open)]
    } else {
        Vec::new()
    }
}

/// What an empty list says, and what to do about it.
fn empty(model: &Model, words: &Words<'_>) -> Vec<Line> {
    let list = &model.list;
    if !model.opened {
        return Vec::new();
    }
    if list.is_sorting() {
        return vec![Line::Blank, Line::words(3, "sorting…", Role::Quiet)];
    }
    let mut lines = vec![Line::Blank];
    let say = |lines: &mut Vec<Line>, text: &str, role| lines.push(Line::words(3, text, role));
    let hint = |lines: &mut Vec<Line>, key: &str, text: &str| {
        lines.push(Line::para(
            3,
            3,
            vec![Span::key(key.to_owned()), Span::text(format!(" {text}"))],
        ));
    };
    if !list.query.text.is_empty() {
        say(&mut lines, "No deal matches.", Role::Strong);
        let asks_cover = list.query.filter.as_ref();
        let asks_cover = asks_cover.is_some_and(|filter| filter.asks(Field::Cover));
        if let Some(why) = cover_is_unknown(&model.facts.people).filter(|_| asks_cover) {
            say(
                &mut lines,
                &format!("{why}: walkaway person NAME senior=yes"),
                Role::Text,
            );
        }
        lines.push(Line::Blank);
        hint(&mut lines, "/", "change the words");
        hint(&mut lines, "Esc", "all deals of this view");
        return lines;
    }
    match list.query.view {
        View::ToDecide => {
            say(&mut lines, "Nothing to decide.", Role::Strong);
            lines.push(Line::Blank);
            let gone = model.facts.fired_today;
            if gone > 0 {
                let back = words.hours(model.facts.hours_back_today);
                let text = format!(
                    "{} fired today, {back} h back.",
                    words.locale.number(gone as i64)
                );
                say(&mut lines, &text, Role::Text);
                lines.push(Line::Blank);
            }
            hint(&mut lines, "R", "the next 25");
            hint(&mut lines, "v", "other views");
        }
        View::Open
        | View::Due
        | View::CameBack
        | View::Gone
        | View::OnHold
        | View::Continued
        | View::Nurture
        | View::Dark
        | View::BadMoney
        | View::Dreaded
        | View::NoSeniorAtStart
        | View::UnaskedCore
        | View::DeadOnPaper
        | View::Closed
        | View::All
        | View::Saved(_) => {
            say(&mut lines, "No deal here.", Role::Strong);
            lines.push(Line::Blank);
            hint(&mut lines, "v", "other views");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::desk::Desk;
    use crate::domain::shown::Name;

    #[test]
    fn rows_that_are_loaded_around_those_on_screen_change_no_name() {
        let mut desk = Desk::new(400);
        // On screen each account has one deal; around it every one has some.
        let accounts = 40;
        let shown = |desk: &Desk| -> Vec<Line> {
            let words = Words::of(&desk.model);
            lines(&desk.model, &words, (40, 30), true)
        };
        let list = &mut desk.model.list;
        assert!(list.ids.len() > WHOLE && list.rows.len() > accounts);
        for (id, row) in &mut list.rows {
            let name = format!("Account {}", *id as usize % accounts);
            row.account = Some(Name::new(name));
        }

        let around = shown(&desk);
        let on_screen: Vec<u32> = desk.model.list.ids[..30].to_vec();
        desk.model.list.rows.retain(|id, _| on_screen.contains(id));
        assert_eq!(shown(&desk), around);

        // Two of one account on screen are told apart.
        let second = desk.model.list.ids[1];
        let account = desk.model.list.row(0).unwrap().account.clone();
        desk.model.list.rows.get_mut(&second).unwrap().account = account;
        let (heading, first) = (0, 1);
        assert_eq!(shown(&desk)[heading], around[heading]);
        assert_ne!(shown(&desk)[first], around[first]);
    }

    #[test]
    fn days_take_four_cells_at_most() {
        let of = [0, 61, 111, 999, 1_000, 100_000].map(ago);

        assert_eq!(of, ["0d", "61d", "111d", "999d", "142w", "999w"]);
    }
}
