//! The names of characters in HTML: one list for pages that are tables and for notes.

/// Names of the characters from U+00A0 to U+00FF.
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];
/// The others that people's texts have.
const OTHERS: [(&str, char); 17] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("hellip", '…'),
    ("bull", '•'),
    ("trade", '™'),
];
/// Bytes of the longest name.
const LONGEST: usize = 10;

/// Reads an entity behind its `&`: the character, and how many bytes it takes up to its `;`.
pub(crate) fn read(behind: &str) -> Option<(char, usize)> {
    let end = behind.bytes().take(LONGEST).position(|b| b == b';')?;
    Some((named(behind.get(..end)?)?, end + 1))
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    if let Some((_, c)) = OTHERS.iter().find(|(known, _)| *known == name) {
        return Some(*c);
    }
    let at = LATIN.iter().position(|known| *known == name)?;
    char::from_u32(0xa0 + at as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_known_by_name_and_by_number() {
        for (text, expected) in [
            ("amp;", Some(('&', 4))),
            ("uuml;ller", Some(('ü', 5))),
            ("#246;", Some(('ö', 5))),
            ("#x20AC;", Some(('€', 7))),
            ("yuml;", Some(('ÿ', 5))),
            ("amp", None),
            ("D;", None),
            ("#x110000;", None),
            ("é;", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
