//! The minutes of a 1:1 as Markdown, as one HTML page, and as JSON.
//!
//! The page needs nothing but itself: no script, no picture, no font from anywhere. Its text is
//! escaped in one place, and what a mask hides is hidden before it gets here.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::domain::clean::TermSafe;
use crate::domain::review::{Minutes, MinutesBlock, Pair, Part, Telling};
use crate::domain::shown::Label;
use crate::export::deals::SCHEMA;

/// How the minutes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Markdown.
    Markdown,
    /// One HTML page.
    Html,
}

/// Why writing to a string cannot fail.
const TAKES: &str = "a string takes all that is written";

/// Lays minutes out.
pub fn write(minutes: &Minutes, told: &Telling<'_>, layout: Layout) -> String {
    lay_out(&minutes.told(told), layout)
}

/// Lays out what is said, line by line.
pub fn lay_out(blocks: &[MinutesBlock], layout: Layout) -> String {
    match layout {
        Layout::Markdown => markdown(blocks),
        Layout::Html => html(blocks),
    }
}

/// Text of one line without what a terminal or a page would obey.
fn plain(text: &str) -> String {
    TermSafe::new(text).as_str().replace('\n', " ")
}

/// Text as Markdown shows it: what would begin a mark is escaped.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in plain(text).chars() {
        if c.is_ascii_punctuation()
            && !matches!(c, '.' | ',' | ';' | ':' | '?' | '\'' | '"' | '/' | '%')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text as a page shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn markdown(blocks: &[MinutesBlock]) -> String {
    let mut out = String::new();
    for (at, block) in blocks.iter().enumerate() {
        let in_list = matches!(block, MinutesBlock::Item(..))
            && matches!(blocks.get(at.wrapping_sub(1)), Some(MinutesBlock::Item(..)));
        if at > 0 && !in_list {
            out.push('\n');
        }
        match block {
            MinutesBlock::Title(text) => writeln!(out, "# {}", marked(text)),
            MinutesBlock::Heading(text) => writeln!(out, "## {}", marked(text)),
            MinutesBlock::Line(text) => writeln!(out, "{}", marked(text)),
            MinutesBlock::Item("", text) => writeln!(out, "- {}", marked(text)),
            MinutesBlock::Item(word, text) => {
                writeln!(out, "- **{}** {}", marked(word), marked(text))
            }
        }
        .expect(TAKES);
    }
    out
}

/// How the page looks, on paper too.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;\
    padding:0 1rem;color:#111;background:#fff}h1{font-size:1.5rem}h2{font-size:1.15rem;\
    margin:1.6rem 0 .3rem}ul{margin:.3rem 0;padding-left:1.2rem}b{font-weight:600}\
    @media print{body{margin:0}}";

fn html(blocks: &[MinutesBlock]) -> String {
    let title = blocks.iter().find_map(|block| match block {
        MinutesBlock::Title(text) => Some(text.as_str()),
        MinutesBlock::Heading(_) | MinutesBlock::Line(_) | MinutesBlock::Item(..) => None,
    });
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        escaped(title.unwrap_or("Minutes"))
    );
    let mut in_list = false;
    for block in blocks {
        let is_item = matches!(block, MinutesBlock::Item(..));
        if is_item != in_list {
            out.push_str(if is_item { "<ul>\n" } else { "</ul>\n" });
            in_list = is_item;
        }
        match block {
            MinutesBlock::Title(text) => writeln!(out, "<h1>{}</h1>", escaped(text)),
            MinutesBlock::Heading(text) => writeln!(out, "<h2>{}</h2>", escaped(text)),
            MinutesBlock::Line(text) => writeln!(out, "<p>{}</p>", escaped(text)),
            MinutesBlock::Item("", text) => writeln!(out, "<li>{}</li>", escaped(text)),
            MinutesBlock::Item(word, text) => {
                writeln!(out, "<li><b>{}</b> {}</li>", escaped(word), escaped(text))
            }
        }
        .expect(TAKES);
    }
    if in_list {
        out.push_str("</ul>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// One revealed row as JSON.
pub fn pair_json(pair: &Pair) -> Json {
    json!({
        "question": pair.of.code(), "rep": pair.rep.words(), "manager": pair.manager.words(),
        "differs": pair.differs, "chosen": pair.chosen.map(crate::domain::review::Chosen::code),
        "verdict_rep": pair.effect.rep.map(crate::domain::verdict::Verdict::code),
        "verdict_manager": pair.effect.manager.map(crate::domain::verdict::Verdict::code),
        "apart": crate::export::json::rounded(pair.effect.apart, 2),
    })
}

/// Minutes as JSON.
pub fn to_json(minutes: &Minutes, told: &Telling<'_>) -> Json {
    let mask = told.mask;
    let deals = minutes.deals.iter().map(|deal| {
        let free = |text: &str| mask.free(&text.into(), Some(deal.deal)).into_owned();
        let decisions = deal.decisions.iter().map(|one| {
            json!({
                "kind": one.kind.code(), "who": one.who,
                "authority": one.authority.as_deref().map(free),
                "reasons": one.reasons.iter().map(|r| free(r)).collect::<Vec<_>>(),
                "until": one.until,
                "sentence": one.sentence.as_ref().map(|s| mask.free(s, Some(deal.deal))),
            })
        });
        let owed = deal.owed.iter().map(|one| {
            json!({
                "side": one.side.code(), "who": one.who, "ask": one.is_ask, "due": one.due,
                "what": one.words(deal.deal, told.bank, mask),
            })
        });
        let changed: serde_json::Map<String, Json> = Part::ALL
            .iter()
            .map(|part| {
                let words = deal.changed.words(*part, deal.deal, told);
                (part.code().to_owned(), json!(words))
            })
            .collect();
        json!({
            "deal": deal.deal.0, "name": mask.name(&deal.name, Label::Deal(deal.deal)), "why": deal.why.code(),
            "state": deal.state.code(), "seconds": deal.seconds,
            "changed": changed, "decisions": decisions.collect::<Vec<_>>(),
            "differences": deal.differences.iter().map(pair_json).collect::<Vec<_>>(),
            "same": deal.same,
            "may_fire": deal.may_fire.as_ref().map(|said| json!({
                "who": said.who, "day": said.day,
                "sentence": mask.free(&said.sentence, Some(deal.deal)),
            })),
            "request": deal.request.as_ref().map(|(reply, reason)| json!({
                "reply": reply.code(),
                "reason": reason.as_ref().map(|why| mask.free(why, Some(deal.deal))),
            })),
            "owed": owed.collect::<Vec<_>>(),
            "notes": deal.notes.iter()
                .map(|note| mask.free(note, Some(deal.deal))).collect::<Vec<_>>(),
        })
    });
    let next = minutes
        .next_time
        .iter()
        .map(|(deal, name)| json!({"deal": deal.0, "name": mask.name(name, Label::Deal(*deal))}));
    json!({
        "schema": SCHEMA, "review": minutes.session.id, "rep": minutes.session.rep,
        "manager": minutes.session.manager, "started": minutes.session.started,
        "ended": minutes.session.ended, "planned_minutes": minutes.session.clock.plan,
        "minutes": minutes.took(), "deals": deals.collect::<Vec<_>>(),
        "next_time": next.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_is_text_on_every_page() {
        let nasty = "<script>alert(1)</script> **x** [a](b) & \"q\"\u{1b}[31m";
        let blocks = [
            MinutesBlock::Title(nasty.to_owned()),
            MinutesBlock::Item("Note", nasty.to_owned()),
        ];

        let page = html(&blocks);
        let text = markdown(&blocks);

        assert!(
            !page.contains("<script") && !page.contains('\u{1b}'),
            "{page}"
        );
        assert!(page.contains("&lt;script&gt;"));
        assert!(!text.contains("](") && !text.contains('\u{1b}'), "{text}");
        assert!(text.contains("\\*\\*x\\*\\*") && text.contains("\\<script\\>"));
    }

    #[test]
    fn a_page_loads_nothing() {
        let page = html(&[MinutesBlock::Title("1:1".to_owned())]);

        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
    }
}
