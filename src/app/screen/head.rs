//! The first row: where one is, how the day goes, and what is hidden.

use chrono::Datelike;

use super::doc::{Role, Row, Span};
use super::text::{spans_width, width};
use super::words::{Words, safe};
use crate::app::command::Command;
use crate::app::model::{Model, Page};
use crate::domain::locale::weekday_name;

/// The first row of the cockpit.
pub fn cockpit(model: &Model, words: &Words<'_>) -> Row {
    let room = model.size.width.saturating_sub(2);
    let badges = badges(model);
    let taken = spans_width(&badges) + if badges.is_empty() { 0 } else { 2 };
    let who = safe(&model.who);
    let named = format!("   {who}");
    for status in statuses(model, words) {
        for name in [named.as_str(), ""] {
            let left = 8 + width(name);
            let gap = if status.is_empty() { 0 } else { 2 };
            if left + gap + width(&status) + taken <= room {
                return row(name, status, badges);
            }
        }
    }
    row("", String::new(), badges)
}

/// The first row of the welcome: nothing but what must not be overlooked.
pub fn welcome(model: &Model) -> Row {
    Row::new(1).gap().fit_spans(badges(model))
}

fn row(name: &str, status: String, badges: Vec<Span>) -> Row {
    let mut row = Row::new(1)
        .fit_spans(vec![Span::new("walkaway", Role::Accent), Span::text(name)])
        .gap()
        .fit(Span::text(status));
    if !badges.is_empty() {
        let mut spans = vec![Span::text("  ")];
        spans.extend(badges);
        row = row.fit_spans(spans);
    }
    row
}

/// The first row of a page: what it is, where one is in it, and what must not be overlooked.
pub fn titled(model: &Model, title: Vec<Span>, place: &str) -> Row {
    let mut row = Row::new(1).fill_spans(title);
    if !place.is_empty() {
        row = row.fit(Span::text(format!("  {place}")));
    }
    let badges = badges(model);
    if !badges.is_empty() {
        let mut spans = vec![Span::text("  ")];
        spans.extend(badges);
        row = row.fit_spans(spans);
    }
    row
}

/// What must not be overlooked.
pub fn badges(model: &Model) -> Vec<Span> {
    let mut badges = Vec::new();
    let mut add = |words: &str| {
        if !badges.is_empty() {
            badges.push(Span::text(" "));
        }
        badges.push(Span::new(format!(" {words} "), Role::Badge));
    };
    if let Some(masked) = model.mask.header() {
        add(masked);
    }
    if model.demo {
        add("DEMO");
    }
    if model.facts.read_only {
        add("READ-ONLY");
    }
    badges
}

fn join(parts: [Option<&String>; 3]) -> String {
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(" · ")
}

/// A newer export that is not taken in yet, with its age and the keys that take it.
pub fn offer(model: &Model, words: &Words<'_>) -> Option<String> {
    let export = model.export.as_ref().filter(|export| export.is_newer)?;
    let key = |command: Command| {
        let keys = model.keymap.keys_of(command);
        keys.first().map(|keys| keys.label(model.spells_keys()))
    };
    let more = match export.paths.len() {
        0 | 1 => String::new(),
        all => format!(" and {} more", all - 1),
    };
    let age = words.age(export.at, model.at);
    let (file, kind) = (words.file(&export.file), safe(&export.kind));
    let (look, take) = (key(Command::ImportNewest)?, key(Command::TakeNewest)?);
    Some(format!(
        "{look} import {file}{more} · {kind} · {age} · {take} take it unseen"
    ))
}

/// How the day goes, from the longest wording to the shortest.
fn statuses(model: &Model, words: &Words<'_>) -> Vec<String> {
    if !model.opened {
        return vec!["opening…".to_owned()];
    }
    let mut previews = model.pages.iter().rev().filter_map(Page::preview);
    if let Some(progress) = previews.find_map(|preview| preview.progress) {
        let number = |n: u64| words.locale.number(n.try_into().unwrap_or(i64::MAX));
        let of = progress
            .of
            .map_or_else(String::new, |of| format!(" of {}", number(of)));
        return vec![
            format!("importing {}{of} rows", number(progress.done)),
            "importing".to_owned(),
        ];
    }
    let facts = &model.facts;
    let number = |n: u64| words.locale.number(n.try_into().unwrap_or(i64::MAX));
    let decide = format!("{} to decide", number(facts.to_decide));
    let gone = (facts.fired_today > 0).then(|| {
        // A few hours are told to the tenth, as where they were freed.
        let places = usize::from(facts.hours_back_today < 10.0);
        let back = words.locale.decimal(facts.hours_back_today, places);
        format!("{} fired today, {back} h back", number(facts.fired_today))
    });
    let (long, short) = facts.record.map_or((None, None), |day| {
        let date = words.day(day);
        let weekday = weekday_name(day.weekday());
        // Silence on an old record fires nobody.
        let old = (model.today - day).num_days() > i64::from(model.thresholds.record_days);
        let first = if old { ": import first" } else { "" };
        (
            Some(format!("record of {weekday} {date}{first}")),
            Some(format!("record of {date}{first}")),
        )
    });
    if let Some(offer) = offer(model, words).filter(|_| !model.size.is_roomy()) {
        let short = offer.split(" · ").next().unwrap_or_default().to_owned();
        return vec![
            join([Some(&decide), Some(&offer), None]),
            offer,
            join([Some(&decide), Some(&short), None]),
            short,
            decide,
        ];
    }
    let decide = Some(&decide);
    vec![
        join([decide, gone.as_ref(), long.as_ref()]),
        join([decide, gone.as_ref(), short.as_ref()]),
        join([decide, gone.as_ref(), None]),
        join([decide, None, None]),
    ]
}
