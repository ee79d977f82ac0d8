//! How often two people sealed the same, question by question.

use super::super::doc::{Content, Line, Role, Row, Span, Width};
use super::super::one_on_one::said_of;
use super::super::words::{Words, safe};
use super::WIDE;
use crate::app::model::Model;
use crate::domain::review::{Agreement, Coaching, LEADS_FROM, PairOf, PairReviews};

/// The lines of a pair.
pub fn lines(model: &Model, words: &Words<'_>, pair: &PairReviews, lines: &mut Vec<Line>) {
    let Some(coaching) = &pair.coaching else {
        let text = match &pair.manager {
            Some(_) => "Nothing was sealed by both and revealed yet.",
            None => "There is nobody to compare with: a 1:1 with somebody is compared.",
        };
        lines.push(Line::words(1, text, Role::Strong));
        return;
    };
    let verdict = if coaching.may_lead() {
        Role::Good
    } else {
        Role::Strong
    };
    lines.push(Line::words(1, safe(&coaching.words()), verdict));
    lines.extend(missing(model, coaching));
    lines.push(Line::words(1, span(words, coaching), Role::Quiet));
    lines.push(Line::Blank);
    let wide = model.size.width >= WIDE;
    let (same, share, growth): (u16, u16, u16) = if wide { (12, 16, 26) } else { (10, 14, 10) };
    let heads = Row::new(1)
        .fixed(16, Span::new("sealed the same", Role::Head))
        .fill("")
        .right(same, Span::quiet("counted"))
        .right(share, Span::quiet("in 100"))
        .right(
            growth,
            Span::quiet(if wide { "earlier, later" } else { "growth" }),
        );
    lines.push(heads.into());
    let all = std::iter::once(&coaching.verdict).chain(&coaching.questions);
    for one in all {
        let is_must = coaching
            .musts
            .iter()
            .any(|must| must.question == one.question);
        let name = said_of(model, &PairOf::from_code(&one.question));
        let role = if is_must || one.question == PairOf::VERDICT {
            Role::Strong
        } else {
            Role::Text
        };
        let row = Row::new(1).fixed(16, Span::new(name, role));
        let row = match one.share() {
            Some((_, lo, hi)) => row.cell(Width::Fill, Content::Range { lo, hi }),
            None => row.fill(""),
        };
        let between = one.share().map_or_else(
            || "too few".to_owned(),
            |(_, lo, hi)| format!("{lo:.0} to {hi:.0}"),
        );
        let between_role = if one.is_too_few() {
            Role::Open
        } else {
            Role::Text
        };
        lines.push(
            row.right(same, Span::text(format!("{} of {}", one.same, one.of)))
                .right(share, Span::new(between, between_role))
                .right(growth, Span::quiet(grows(one, wide)))
                .into(),
        );
    }
    lines.push(Line::Blank);
    let plain = "The same is the same answer, graded alike, before the two heard each other. The \
                 bar is where the share lies in 95 of 100 cases. Nobody is ranked by it.";
    lines.push(Line::words(1, plain, Role::Quiet));
}

/// On how many deals, and when; how many is said already where they are too few.
fn span(words: &Words<'_>, coaching: &Coaching) -> String {
    let deals = words.count(u64::from(coaching.deals), "deal", "deals");
    let when = match coaching.days {
        Some((first, last)) if first != last => {
            Some(format!("{} to {}", words.day(first), words.day(last)))
        }
        Some((day, _)) => Some(words.day(day)),
        None => None,
    };
    let what = coaching
        .is_enough()
        .then(|| format!("{deals} sealed by both"));
    let parts: Vec<String> = what.into_iter().chain(when).collect();
    parts.join(", ")
}

/// What is missing for first meetings alone.
fn missing(model: &Model, coaching: &Coaching) -> Option<Line> {
    let missing: Vec<String> = coaching
        .missing()
        .map(|one| {
            let name = said_of(model, &PairOf::from_code(&one.question)).to_lowercase();
            match one.share() {
                Some((_, lo, _)) => format!("{name} begins at {lo:.0}"),
                None => format!("{name} has too few"),
            }
        })
        .collect();
    if missing.is_empty() {
        return None;
    }
    let text = format!(
        "To lead them, each must begin at {LEADS_FROM:.0} in 100: {}.",
        missing.join(", ")
    );
    Some(Line::words(1, text, Role::Text))
}

/// Whether it grows.
fn grows(one: &Agreement, wide: bool) -> String {
    match one.growth() {
        Some(_) if wide => format!(
            "{} of {}, {} of {}",
            one.earlier.0, one.earlier.1, one.later.0, one.later.1
        ),
        Some(by) => format!("{by:+.0}"),
        None => String::new(),
    }
}
