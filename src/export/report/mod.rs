//! Reports to read, print and pass on: Markdown, and HTML that needs nothing beside itself.
//!
//! They hold counts, days and hours; what names a deal stays in the pipeline.

mod plot;

use chrono::NaiveDate;
use minijinja::{Environment, context};

use crate::domain::insights::{Insight, Period, Plot};
use crate::domain::locale::Locale;

/// What a report could not be made for.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The page could not be filled in.
    #[error("filling in the page of the report: {0}")]
    Page(#[from] minijinja::Error),
    /// A plot could not be drawn.
    #[error("drawing a plot of the report: {0}")]
    Plot(String),
}

/// What a report is about.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// The day on which it is written.
    pub today: NaiveDate,
    /// The day of the record.
    pub record: Option<NaiveDate>,
    /// Which deals and days.
    pub period: &'a Period,
    /// How numbers are written.
    pub locale: &'a Locale,
}

impl About<'_> {
    /// "since 2026-08-01, deals of Ana, record of 2026-11-22".
    fn words(&self) -> String {
        let part = |word: &str, what: Option<String>| Some(format!("{word} {}", what?));
        let parts = [
            part("since", self.period.since.map(|day| day.to_string())),
            part("until", self.period.until.map(|day| day.to_string())),
            part("deals of", self.period.owner.clone()),
            part("record of", self.record.map(|day| day.to_string())),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// A figure as a reader wants it: whole, or with one decimal.
fn figure(locale: &Locale, value: f64) -> String {
    let is_whole = (value - value.round()).abs() < 0.05;
    locale.decimal(value, usize::from(!is_whole))
}

/// Escapes what Markdown would take for a part of a table or of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '#' | '[' | ']'
        ) {
            plain.push('\\');
        }
        plain.push(if c.is_control() { ' ' } else { c });
    }
    plain
}

/// The rows of a plot's table: its heads, then one row for each place.
fn table(plot: &Plot, locale: &Locale) -> (Vec<String>, Vec<Vec<String>>) {
    let names = plot.series.iter().map(|series| match series.name {
        "" => plot.up.to_owned(),
        name => format!("{name}, {}", plot.up),
    });
    let heads = std::iter::once(plot.across.to_owned())
        .chain(names)
        .collect();
    let rows = plot.places.iter().enumerate().map(|(at, place)| {
        let values = plot
            .series
            .iter()
            .map(|series| figure(locale, series.bars[at].value));
        std::iter::once(place.clone()).chain(values).collect()
    });
    (heads, rows.collect())
}

/// The insights as Markdown: a sentence each, and the figures behind it as a table.
pub fn markdown(insights: &[Insight], about: &About<'_>) -> String {
    let mut out = format!("# Insights, {}\n", about.today);
    let words = about.words();
    if !words.is_empty() {
        out.push_str(&["\n", &plain(&words), "\n"].concat());
    }
    for insight in insights {
        let says = plain(&about.locale.numbers_in(&insight.sentence));
        out.push_str(&["\n## ", insight.id.title(), "\n\n", &says, "\n"].concat());
        let Some(plot) = &insight.plot else { continue };
        let (heads, rows) = table(plot, about.locale);
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        out.push('\n');
        out.push_str(&line(&heads));
        out.push_str(&["|", &" --- |".repeat(heads.len()), "\n"].concat());
        for row in rows {
            out.push_str(&line(&row));
        }
    }
    out
}

/// The page; what is filled in is escaped.
const PAGE: &str = include_str!("../../../assets/reports/insights.html");

/// The insights as one HTML page with its plots in it: no script, nothing from elsewhere.
///
/// # Errors
///
/// When a plot cannot be drawn or the page cannot be filled in; both are mistakes of ours.
pub fn html(insights: &[Insight], about: &About<'_>) -> Result<String, ReportError> {
    let mut sections = Vec::new();
    for insight in insights {
        let (svg, heads, rows) = match &insight.plot {
            Some(plot) => {
                let (heads, rows) = table(plot, about.locale);
                (Some(plot::svg(plot, about.locale)?), heads, rows)
            }
            None => (None, Vec::new(), Vec::new()),
        };
        sections.push(context! {
            title => insight.id.title(),
            sentence => about.locale.numbers_in(&insight.sentence).into_owned(),
            svg => svg.map(minijinja::Value::from_safe_string),
            heads,
            rows,
        });
    }
    let mut pages = Environment::new();
    pages.add_template("insights.html", PAGE)?;
    Ok(pages.get_template("insights.html")?.render(context! {
        day => about.today.to_string(),
        about => about.words(),
        sections,
    })?)
}

#[cfg(test)]
mod tests;
