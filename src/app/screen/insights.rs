//! One insight: its sentence, its bars with their axis, and the deals of a bar.

use super::doc::{Content, Line, Role, Row, Span, Width};
use super::words::Words;
use super::{Page, head, picked};
use crate::app::insights::{InsightsPage, LISTED, OpenedBar};
use crate::app::model::Model;
use crate::domain::insights::{Insight, Plot};

/// Columns that the lines take at most.
const COLUMN: u16 = 110;

/// Columns of the names of the places.
const PLACE: u16 = 13;

/// Columns of the names of the series.
const SERIES: u16 = 9;

/// Columns of the figures.
const FIGURE: u16 = 8;

/// The first row of the page.
pub fn title(model: &Model, page: &InsightsPage) -> Row {
    let at = page.all.as_ref();
    let at = at.map(|all| format!("{} of {}", page.at + 1, all.len()));
    let weeks = page.reach.weeks.map(|weeks| format!("last {weeks} weeks"));
    let own = page.reach.is_own.then(|| "your deals".to_owned());
    let place: Vec<String> = [at, weeks, own].into_iter().flatten().collect();
    let name = page
        .insight()
        .map_or("Insights", |insight| insight.id.title());
    head::titled(model, vec![Span::new(name, Role::Head)], &place.join(" · "))
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, page: &InsightsPage) -> Page {
    let column = model.size.width.min(COLUMN);
    let mut lines = vec![Line::Blank];
    let mut cursor = 0;
    match (page.insight(), &page.opened) {
        (None, _) => lines.push(Line::words(1, "loading…", Role::Quiet)),
        (Some(insight), None) => {
            let says = words.locale.numbers_in(&insight.sentence).into_owned();
            lines.push(Line::words(1, says, Role::Text));
            if let Some(plot) = &insight.plot {
                lines.push(Line::Blank);
                cursor = bars(model, words, page, plot, &mut lines);
            }
        }
        (Some(insight), Some(opened)) => {
            cursor = deals(model, words, page, insight, opened, &mut lines);
        }
    }
    Page::around(model, column, lines, cursor, Vec::new())
}

/// A figure of the axis or of a bar.
fn figure(words: &Words<'_>, value: f64) -> String {
    let is_whole = (value - value.round()).abs() < 0.05;
    words.locale.decimal(value, usize::from(!is_whole))
}

/// Draws the bars and their axis; returns the line of the one under the cursor.
fn bars(
    model: &Model,
    words: &Words<'_>,
    page: &InsightsPage,
    plot: &Plot,
    lines: &mut Vec<Line>,
) -> usize {
    let highest = plot.highest().max(1.0);
    let is_grouped = plot.series.len() > 1;
    let names = if is_grouped { SERIES } else { 0 };
    let heads = Row::new(1)
        .fill(Span::new(plot.across, Role::Head))
        .fit(Span::new(plot.up, Role::Head));
    lines.push(heads.into());
    let mut here = lines.len();
    for (at, place) in plot.places.iter().enumerate() {
        for (nth, series) in plot.series.iter().enumerate() {
            let value = series.bars[at].value;
            let name = if nth == 0 { place.as_str() } else { "" };
            let mut row = Row::new(1)
                .fixed(PLACE, Span::text(name))
                .fixed(names, Span::text(series.name))
                .cell(Width::Fill, Content::Share(value / highest))
                .right(FIGURE, Span::text(figure(words, value)));
            if page.cursor == at * plot.series.len() + nth {
                here = lines.len();
                row = row.picked(picked(model));
            }
            lines.push(row.into());
        }
        if is_grouped && model.size.is_roomy() {
            lines.push(Line::Blank);
        }
    }
    let axis = Row::new(1)
        .fixed(PLACE + names, "")
        .fixed(1, Span::quiet("0"))
        .fill(Span::quiet(format!(" {}", plot.up)))
        .fit(Span::quiet(figure(words, highest)))
        .fixed(FIGURE, "");
    lines.push(axis.into());
    here
}

/// Lists the deals of a bar; returns the line of the one under the cursor.
fn deals(
    model: &Model,
    words: &Words<'_>,
    page: &InsightsPage,
    insight: &Insight,
    opened: &OpenedBar,
    lines: &mut Vec<Line>,
) -> usize {
    let count = words.count(opened.total as u64, "deal", "deals");
    let of = insight.plot.as_ref().map_or(String::new(), |plot| {
        let place = &plot.places[page.cursor / plot.series.len()];
        let series = plot.series[page.cursor % plot.series.len()].name;
        format!("{} {place} {series}", plot.across)
    });
    lines.push(Line::head(1, format!("{count} · {}", of.trim_end())));
    let Some(rows) = &opened.rows else {
        lines.push(Line::words(1, "loading…", Role::Quiet));
        return 0;
    };
    let mut here = 0;
    for (at, row) in rows.iter().enumerate() {
        let mut line = Row::new(1)
            .fill(Span::text(words.joined_name(
                row.id,
                row.account.as_ref(),
                &row.title,
            )))
            .fit(Span::quiet(row.status.code()));
        if at == opened.cursor {
            here = lines.len();
            line = line.picked(picked(model));
        }
        lines.push(line.into());
    }
    if opened.total > rows.len() && rows.len() >= LISTED {
        let more = words.locale.number((opened.total - rows.len()) as i64);
        lines.push(Line::words(1, format!("{more} more"), Role::Quiet));
    }
    here
}
