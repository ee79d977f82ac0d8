//! Notes that are written in HTML, as the text that a reader of them sees.
//!
//! Only the text is kept: scripts, styles, pictures and whatever would be fetched from elsewhere
//! are dropped, a link keeps its address. What is no HTML comes back as it went in.

use std::borrow::Cow;

use super::entities;

/// Tags at which a line ends.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "hr",
    "dl",
    "dt",
    "dd",
    "body",
    "html",
];
/// Tags of which the content is no text for a reader.
const HIDDEN: &[&str] = &[
    "script", "style", "head", "title", "svg", "iframe", "object", "noscript", "template",
];
/// Tags that are neither, by which HTML is known.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "em", "strong", "span", "font", "img", "td", "th", "tbody", "thead", "s",
    "sub", "sup", "code", "small", "center", "meta", "link", "o:p",
];

/// Returns the text of HTML; any other text as it is.
pub(crate) fn to_text(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) || !is_html(text) {
        return Cow::Borrowed(text);
    }
    let mut out = Out::default();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.words(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            rest = out.entity(rest);
        } else if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, rest)| rest);
        } else if let Some((tag, after)) = tag(rest) {
            rest = out.tag(&tag, after);
        } else {
            out.words("<");
            rest = &rest[1..];
        }
    }
    out.words(rest);
    Cow::Owned(out.done())
}

/// Whether a tag that is known stands in it, or an entity.
fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        tag(&text[at..]).is_some_and(|(tag, _)| {
            [BLOCKS, HIDDEN, INLINE]
                .iter()
                .any(|list| list.contains(&tag.name.as_str()))
        })
    }) || text
        .match_indices('&')
        .any(|(at, _)| entity(&text[at..]).is_some())
}

struct Tag<'a> {
    /// In small letters.
    name: String,
    is_end: bool,
    inside: &'a str,
}

/// Reads a tag at the start of a text, and returns what is behind it.
fn tag(text: &str) -> Option<(Tag<'_>, &str)> {
    let body = text.strip_prefix('<')?;
    let (is_end, body) = body.strip_prefix('/').map_or((false, body), |b| (true, b));
    if !body.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return None;
    }
    // A `>` within quotes is part of a value; the bound keeps this from a walk for each `<`.
    let mut quote = None;
    let mut end = None;
    for (at, c) in body.char_indices().take(8_000) {
        match (quote, c) {
            (None, '>') => {
                end = Some(at);
                break;
            }
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            (None | Some(_), _) => {}
        }
    }
    let end = end?;
    let inside = &body[..end];
    let name: String = inside
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == ':')
        .flat_map(char::to_lowercase)
        .collect();
    let tag = Tag {
        name,
        is_end,
        inside,
    };
    Some((tag, &body[end + 1..]))
}

/// Reads an entity at the start of a text: what it stands for, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let (c, length) = entities::read(text.strip_prefix('&')?)?;
    let is_text = !c.is_control() || c == '\n';
    let c = if c == '\u{a0}' { ' ' } else { c };
    is_text.then_some((c, length + 1))
}

/// The value of an attribute within a tag.
fn attribute<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let lower = inside.to_ascii_lowercase();
    let at = lower.match_indices(name).find_map(|(at, _)| {
        let starts = lower[..at].ends_with(|c: char| c.is_whitespace());
        (starts && lower[at + name.len()..].trim_start().starts_with('=')).then_some(at)
    })?;
    let value = inside[at + name.len()..]
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split(|c: char| c.is_whitespace()).next(),
    }
}

/// The text so far.
#[derive(Default)]
struct Out {
    text: String,
    /// A blank is due before the next word.
    blank: bool,
    /// The address of the link that is open, and where its text began.
    link: Option<(String, usize)>,
}

impl Out {
    /// Adds text; blanks and line ends in a row are one blank.
    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.blank = true;
                continue;
            }
            if self.blank && !self.text.is_empty() && !self.text.ends_with('\n') {
                self.text.push(' ');
            }
            self.blank = false;
            self.text.push(c);
        }
    }

    fn entity<'a>(&mut self, rest: &'a str) -> &'a str {
        let Some((value, length)) = entity(rest) else {
            self.words("&");
            return &rest[1..];
        };
        self.words(value.encode_utf8(&mut [0; 4]));
        &rest[length..]
    }

    fn line(&mut self) {
        self.blank = false;
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Acts on a tag; returns where to go on.
    fn tag<'a>(&mut self, tag: &Tag<'_>, after: &'a str) -> &'a str {
        let name = tag.name.as_str();
        if HIDDEN.contains(&name) && !tag.is_end && !tag.inside.ends_with('/') {
            return skip(after, name);
        }
        match (name, tag.is_end) {
            ("li", false) => {
                if !self.text.ends_with('\n') {
                    self.line();
                }
                self.words("- ");
            }
            ("a", false) => {
                let link = attribute(tag.inside, "href")
                    .filter(|link| link.starts_with("http") || link.starts_with("mailto:"));
                self.link = link.map(|link| (decoded(link), self.text.len()));
            }
            ("a", true) => {
                if let Some((link, from)) = self.link.take() {
                    let shown = self.text.get(from..).unwrap_or_default().trim();
                    let address = link.strip_prefix("mailto:").unwrap_or(&link);
                    if shown != address && shown != link {
                        self.words(&format!(" ({address})"));
                    }
                }
            }
            ("td" | "th", true) => self.blank = true,
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol", true) => {
                self.line();
            }
            ("br", _) => self.line(),
            _ if BLOCKS.contains(&name) && !self.text.ends_with('\n') => self.line(),
            _ => {}
        }
        after
    }

    fn done(self) -> String {
        self.text
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n")
            .trim()
            .to_owned()
    }
}

/// What is behind the end of a hidden tag; nothing where it has no end.
fn skip<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at..];
        match tag(rest) {
            Some((end, after)) if end.name == name => return after,
            Some((_, after)) => rest = after,
            None => rest = &rest[2..],
        }
    }
    ""
}

/// An address with its entities read.
fn decoded(link: &str) -> String {
    link.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paragraphs_lists_and_links_become_lines() {
        let html = "<div><p>Call with <b>Kim</b>&nbsp;&amp; Ana.</p><ul><li>Budget</li>\n<li>Date</li></ul>\
                    <a href=\"https://x.example/a?b=1&amp;c=2\">offer</a><br>Bye</div>";

        assert_eq!(
            to_text(html),
            "Call with Kim & Ana.\n- Budget\n- Date\n\noffer (https://x.example/a?b=1&c=2)\nBye"
        );
    }

    #[test]
    fn scripts_styles_and_pictures_are_dropped() {
        let html = "<style>p{color:red}</style><p>Hi<script>alert('<p>x</p>')</script>\
                    <img src=\"https://track.example/p.gif\" alt=\"x\"></p><!-- <p>no</p> -->";

        assert_eq!(to_text(html), "Hi");
    }

    #[test]
    fn text_that_is_no_html_stays_as_it_is() {
        for text in [
            "a < b and c > d",
            "AT&T",
            "<3 Kim",
            "x <y@z.example>",
            "1\n\n 2",
        ] {
            assert_eq!(to_text(text), text);
        }
    }

    #[test]
    fn entities_alone_are_read() {
        assert_eq!(to_text("Q&amp;A &#8211; it&#39;s &euro;5"), "Q&A – it's €5");
    }

    #[test]
    fn a_tag_without_end_is_text() {
        assert_eq!(to_text("<p>a <b"), "a <b");
        assert_eq!(to_text("a<script>b"), "a");
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[<>/a-z&;#\"' !-]{0,60}") {
            let _ = to_text(&text);
        }
    }
}
