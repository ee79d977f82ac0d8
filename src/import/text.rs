//! Text of a file: cleaned, and in the forms in which it is compared.
//!
//! What may stay of a text from outside is [`clean`](crate::domain::clean)'s to say.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::domain::clean::{clean_block, clean_line, is_simple, needs_guard, unguard_formula};

/// Whether line breaks stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// They become a blank.
    One,
    /// They stay, as LF.
    Many,
}

/// Returns `text` fit to keep and to show, at most `max` bytes of it, without blanks around it,
/// composed (NFC).
pub(crate) fn clean(text: &str, max: usize, lines: Lines) -> Cow<'_, str> {
    if text.len() <= max && is_simple(text) {
        return Cow::Borrowed(text);
    }
    let text = text.trim();
    let clean = match lines {
        Lines::One => clean_line(text, max),
        Lines::Many => clean_block(text, max),
    };
    // What was dropped may have stood before a blank, which is at the edge now.
    let clean = match clean {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() < text.len() => Cow::Owned(text.trim().to_owned()),
        Cow::Owned(text) => Cow::Owned(text),
    };
    if clean.len() <= max && is_nfc_quick(clean.chars()) == IsNormalized::Yes {
        return clean;
    }
    let composed: String = clean.nfc().collect();
    // Composing takes some marks apart, and only so many of them are kept.
    let clean = match lines {
        Lines::One => clean_line(&composed, max),
        Lines::Many => clean_block(&composed, max),
    };
    let mut out = clean.into_owned();
    let mut end = out.len().min(max);
    while !out.is_char_boundary(end) {
        end -= 1;
    }
    out.truncate(end);
    out.truncate(out.trim_end_matches('\u{200d}').trim_end().len());
    Cow::Owned(out)
}

/// Takes off the mark by which an exporter keeps a spreadsheet from running text as a formula:
/// one quote (Odoo, `EspoCRM`, ours) or an invisible joiner (Twenty) before a trigger.
pub(crate) fn unguard(text: &str) -> &str {
    match text.strip_prefix('\u{200d}') {
        Some(rest) if needs_guard(rest) => rest,
        Some(_) | None => unguard_formula(text),
    }
}

/// Returns a header as it is shown: NFC, one line, single blanks, no `*` at its end.
pub(crate) fn header(raw: &str) -> String {
    let text = clean(raw, 400, Lines::One);
    let text = text.trim_end_matches('*');
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the form in which headers, stages and words are compared: letters and digits only, in
/// small letters, so that `CloseDate`, `close_date` and `Close Date` are one.
pub(crate) fn key(text: &str) -> String {
    if text.is_ascii() {
        let known = text.bytes().filter(u8::is_ascii_alphanumeric);
        return known.map(|b| char::from(b.to_ascii_lowercase())).collect();
    }
    text.nfc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The same key as people write it without the marks of their letters (`estagio` for `estágio`,
/// `waehrung` and `wahrung` for `währung`); none where no letter of it has one, where it is too
/// short to say anything then, or where it is of another script.
pub(crate) fn plain(key: &str) -> Vec<String> {
    const SHORT: usize = 3;
    if key.is_ascii() {
        return Vec::new();
    }
    let bare = |long: bool| -> String {
        let mut out = String::new();
        for c in key.nfc() {
            match c {
                'ä' if long => out.push_str("ae"),
                'ö' | 'ø' if long => out.push_str("oe"),
                'ü' if long => out.push_str("ue"),
                'ß' => out.push_str("ss"),
                'æ' => out.push_str("ae"),
                'ø' => out.push('o'),
                'ł' => out.push('l'),
                'đ' => out.push('d'),
                'ı' => out.push('i'),
                c => out.extend(c.nfd().filter(|c| !is_mark(*c))),
            }
        }
        out
    };
    let mut forms = vec![bare(false), bare(true)];
    forms.dedup();
    forms.retain(|form| form.is_ascii() && form.len() > SHORT);
    forms
}

/// Whether it is a mark that stands on a letter.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Returns the header as a name: small letters and digits, anything else as one `_`.
pub(crate) fn snake(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// Whether a cell says that there is nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    match text.len() {
        0 => true,
        1 => matches!(text, "-" | "?" | "*" | "."),
        2..=14 => {
            // All words begin with one of few characters: most cells leave here.
            if !matches!(
                text.as_bytes()[0],
                b'n' | b'N' | b'#' | b'-' | b'(' | b'<' | b'u' | b'U' | b't' | b'T' | 0xe2
            ) {
                return false;
            }
            matches!(text, "--" | "---" | "\u{2014}" | "\u{2013}")
                || [
                    "null",
                    "n/a",
                    "na",
                    "#n/a",
                    "none",
                    "nil",
                    "nan",
                    "(none)",
                    "(null)",
                    "(blank)",
                    "<null>",
                    "<none>",
                    "undefined",
                    "#null!",
                    "#ref!",
                    "#value!",
                    "#name?",
                    "#div/0!",
                    "tbd",
                    "tba",
                    "tbc",
                    "t.b.d.",
                ]
                .iter()
                .any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Whether a cell of a list of choices, or of names, says that nothing was chosen.
///
/// Not for titles, stages and statuses, where such a word is a name, nor for answers, where
/// `Unknown` is one.
pub(crate) fn is_unchosen(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "unknown",
        "unassigned",
        "notassigned",
        "noowner",
        "select",
        "selectone",
        "pleaseselect",
        "choose",
        "notset",
        "notspecified",
        "notapplicable",
        "novalue",
        "none",
        "empty",
        "sinfactura",
        "sinasignar",
        "sinpropietario",
        "seleccionar",
        "seleccione",
        "desconocido",
        "unbekannt",
        "nichtzugewiesen",
        "bitteauswählen",
        "keineangabe",
        "inconnu",
        "nonattribué",
        "nonassegnato",
        "sconosciuto",
        "desconhecido",
        "nãoatribuído",
        "onbekend",
        "niettoegewezen",
    ];
    if text.len() > 32 {
        return false;
    }
    // All begin with one of few letters: most cells leave here.
    let Some(first) = text.chars().find(|c| c.is_alphanumeric()) else {
        return true;
    };
    if !matches!(
        first.to_ascii_lowercase(),
        'u' | 'n' | 's' | 'p' | 'c' | 'e' | 'd' | 'b' | 'k' | 'i' | 'o'
    ) {
        return false;
    }
    if !text.is_ascii() {
        return WORDS.contains(&key(text).as_str());
    }
    // As `key` spells it, without a place in memory: a file has millions of names.
    let letters = || text.bytes().filter(u8::is_ascii_alphanumeric);
    let small = || letters().map(|b| b.to_ascii_lowercase());
    let begin = small().next();
    WORDS
        .iter()
        .any(|word| word.bytes().next() == begin && small().eq(word.bytes()))
}

/// The first of several names or ids in one cell: of a JSON array, or of a list with semicolons
/// or bars. The first is the primary one.
pub(crate) fn first_of(text: &str) -> Cow<'_, str> {
    if text.starts_with('[')
        && let Ok(items) = serde_json::from_str::<Vec<serde_json::Value>>(text)
    {
        return match items.into_iter().next() {
            Some(serde_json::Value::String(item)) => Cow::Owned(item),
            Some(serde_json::Value::Object(item)) => ["name", "id"]
                .iter()
                .find_map(|key| item.get(*key)?.as_str())
                .map_or(Cow::Borrowed(""), |item| Cow::Owned(item.to_owned())),
            Some(item) => Cow::Owned(item.to_string()),
            None => Cow::Borrowed(""),
        };
    }
    Cow::Borrowed(text.split([';', '|']).next().unwrap_or(text).trim())
}

/// The first of several companies in a cell. A `|` may be in a name, and `AT&amp;T` is one company.
pub(crate) fn first_company(text: &str) -> Cow<'_, str> {
    if text.starts_with('[') {
        return first_of(text);
    }
    let first = text.split(';').next().unwrap_or(text);
    let is_entity = first.rsplit_once('&').is_some_and(|(_, name)| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
    });
    Cow::Borrowed(if is_entity { text } else { first.trim() })
}

/// The name and the id of `Acme (1234567)`; none for a name without an id behind it.
pub(crate) fn name_and_id(text: &str) -> Option<(&str, &str)> {
    let (name, id) = text.strip_suffix(')')?.rsplit_once('(')?;
    if id.contains("://") {
        // Notion writes the page of a relation behind its name.
        let page = id.split(['?', '#']).next().unwrap_or_default();
        let page = page.rsplit(['/', '-']).next().unwrap_or_default();
        let name = name.trim();
        return (!name.is_empty() && !page.is_empty()).then_some((name, page));
    }
    let is_id = id.len() >= 5 && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit());
    let name = name.trim();
    (is_id && !name.is_empty()).then_some((name, id))
}

/// A name without the mail address in brackets behind it: `Dana Fox (d@n.example)`.
pub(crate) fn without_mail(text: &str) -> &str {
    let name = text
        .strip_suffix([')', '>'])
        .and_then(|rest| rest.rsplit_once(['(', '<']))
        .filter(|(name, mail)| mail.contains('@') && !name.trim().is_empty());
    name.map_or(text, |(name, _)| name.trim())
}

/// `1.23457E+17`: digits are gone, and with them the record.
pub(crate) fn is_rounded(id: &str) -> bool {
    let Some((mantissa, power)) = id.split_once(['E', 'e']) else {
        return false;
    };
    mantissa.len() >= 3
        && mantissa.contains(['.', ','])
        && mantissa
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
        && power
            .strip_prefix('+')
            .is_some_and(|p| p.parse::<u8>().is_ok())
}

/// Whether an id points nowhere: zeros, `000000000000000AAA`, or blank.
pub(crate) fn is_null_id(id: &str) -> bool {
    let mut bare = id;
    while let Some(rest) = bare.strip_suffix("AAA") {
        bare = rest;
    }
    is_blank(id)
        || bare.bytes().all(|b| b == b'0' || b == b'-')
        || id.eq_ignore_ascii_case("unassigned")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_and_direction_characters_are_dropped() {
        let text = clean(
            "a\u{1b}[31mb\u{202e}c\u{9b}d\u{e0041}\r\nZoe\u{301}",
            100,
            Lines::One,
        );

        assert_eq!(text, "abcd Zoé");
    }

    #[test]
    fn a_letter_keeps_four_marks() {
        let text = format!("q{}", "\u{301}".repeat(200));

        assert_eq!(clean(&text, 4000, Lines::One).chars().count(), 5);
    }

    #[test]
    fn a_joiner_stays_only_inside_an_emoji() {
        let family = "\u{1f469}\u{200d}\u{1f469}";

        assert_eq!(clean(family, 100, Lines::One), family);
        assert_eq!(clean("a\u{200d}b", 100, Lines::One), "ab");
    }

    #[test]
    fn one_guard_is_taken_off_before_a_trigger() {
        assert_eq!(unguard("'+33 1"), "+33 1");
        assert_eq!(unguard("\u{200d}=1+1"), "=1+1");
        assert_eq!(unguard("''=x"), "'=x");
        assert_eq!(unguard("'s Hertogenbosch"), "'s Hertogenbosch");
    }

    #[test]
    fn headers_of_all_spellings_have_one_key() {
        for header in ["CloseDate", "close_date", " Close  Date* ", "CLOSE-DATE"] {
            assert_eq!(key(header), "closedate");
        }
        assert_eq!(key("Probability (%)"), "probability");
        assert_eq!(snake("Opportunity ID (18)"), "opportunity_id_18");
    }

    #[test]
    fn the_first_of_several_is_taken() {
        assert_eq!(first_of("8001;8002"), "8001");
        assert_eq!(first_of("[\"a\",\"b\"]"), "a");
        assert_eq!(first_of("[7, 8]"), "7");
        assert_eq!(first_of("[]"), "");
        assert_eq!(first_of("[draft] Acme"), "[draft] Acme");
        assert_eq!(first_company("Northwind;Northwind EU"), "Northwind");
        assert_eq!(first_company("Smith | Jones"), "Smith | Jones");
        assert_eq!(first_company("AT&amp;T; Bell"), "AT&amp;T; Bell");
        assert_eq!(
            first_company("R&D; Labs"),
            "R&D; Labs",
            "it may be an entity"
        );
        assert_eq!(name_and_id("Acme (1234567)"), Some(("Acme", "1234567")));
        assert_eq!(name_and_id("Acme (Ulm)"), None);
    }

    #[test]
    fn words_for_no_choice_are_known() {
        for word in [
            "Unknown",
            "--None--",
            "-None-",
            "Unassigned",
            "Sin_Factura",
            "Select",
            "...",
            "\u{2013} \u{2013}",
            "Bitte auswählen",
        ] {
            assert!(is_unchosen(word), "{word}");
        }
        for word in ["Acme", "Unknown Pleasures Ltd", "Selecta", "Ulm"] {
            assert!(!is_unchosen(word), "{word}");
        }
    }

    #[test]
    fn words_for_nothing_are_known() {
        for word in ["", "-", "NULL", "n/a", "#N/A", "\u{2014}", "None", "TBD"] {
            assert!(is_blank(word), "{word}");
        }
        for word in ["Acme", "0", "Nonesuch", "Tanaka", "no"] {
            assert!(!is_blank(word), "{word}");
        }
        assert!(is_null_id("000000000000000AAA"));
        assert!(is_null_id("0"));
        assert!(!is_null_id("006Ec00000AieKFIAZ"));
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC{0,40}|.{0,40}") {
            let once = clean(&text, 60, Lines::Many).into_owned();
            prop_assert_eq!(clean(&once, 60, Lines::Many), once.as_str());
            prop_assert!(once.len() <= 60);
            prop_assert!(!once.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
