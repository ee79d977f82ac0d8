//! The id in a link to a record.

/// The id in a link to a record: what is named so, else what follows the word for a deal, else the
/// last part of the path with a digit in it.
pub(crate) fn id_in_link(link: &str) -> Option<&str> {
    const NAMES: &[&str] = &[
        "id",
        "oppid",
        "recordid",
        "dealid",
        "opportunityid",
        "opportunity_id",
    ];
    const WORDS: &[&str] = &[
        "deal",
        "deals",
        "opportunity",
        "opportunities",
        "potentials",
        "potential",
        "0-3",
    ];
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
    let has_digit = |part: &&str| part.bytes().any(|b| b.is_ascii_digit());
    let bare = |part| trim_braces(part);
    let path_end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, query) = rest.split_at(path_end);
    let named = query.split(['?', '#', '&']).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let is_id = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
        Some(value).filter(|value| is_id && has_digit(value))
    });
    if let Some(id) = named {
        return Some(bare(id));
    }
    let parts = || {
        path.split('/')
            .chain(query.split(['?', '#', '&', '=', '/']))
    };
    let mut before = "";
    for part in parts() {
        if WORDS.iter().any(|word| before.eq_ignore_ascii_case(word)) && has_digit(&part) {
            return Some(bare(part));
        }
        before = part;
    }
    let last = path.split('/').rev().find(has_digit);
    last.or_else(|| query.split(['?', '#', '&', '=', '/']).find(has_digit))
        .map(bare)
}

/// An id without the brackets that Dynamics puts around it, also as a link writes them.
pub(super) fn trim_braces(id: &str) -> &str {
    let id = id.trim_matches(['{', '}']);
    let id = id
        .strip_prefix("%7B")
        .or_else(|| id.strip_prefix("%7b"))
        .unwrap_or(id);
    id.strip_suffix("%7D")
        .or_else(|| id.strip_suffix("%7d"))
        .unwrap_or(id)
}
