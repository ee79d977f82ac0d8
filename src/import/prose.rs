//! What a mail or a note says: without markup and without what it quotes.

use super::values::html;

/// Words up to which an answer is curt.
const CURT: usize = 2;

/// Returns the text of a body: HTML as text, anything else as it is.
pub(crate) fn plain(body: &str) -> String {
    html::to_text(body).trim().to_owned()
}

/// Returns what a mail says itself: up to the mail that it quotes, without quoted lines.
pub(crate) fn own_words(text: &str) -> String {
    let mut own = Vec::new();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for (at, line) in lines.iter().enumerate() {
        if begins_quote(
            line,
            lines.get(at + 1).copied().unwrap_or_default(),
            own.is_empty(),
        ) {
            break;
        }
        if line.starts_with('>') {
            continue;
        }
        own.push(*line);
    }
    own.join("\n").trim().to_owned()
}

/// Whether from this line on a mail quotes an earlier one. Mail programs write the head of it in
/// their users' languages.
fn begins_quote(line: &str, next: &str, is_first: bool) -> bool {
    let lower = line.to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let bare = lower.trim_matches(|c: char| c == '-' || c == '_' || c == '*' || c == ' ');
    if lower.starts_with("--")
        && [
            "original message",
            "originalnachricht",
            "ursprüngliche nachricht",
            "message d'origine",
            "mensaje original",
            "messaggio originale",
            "mensagem original",
            "oorspronkelijk bericht",
            "forwarded message",
            "weitergeleitete nachricht",
            "reply above this line",
        ]
        .iter()
        .any(|words| bare.starts_with(words))
    {
        return true;
    }
    // Outlook draws a line above the head.
    if line.len() >= 20 && line.chars().all(|c| c == '_') {
        return true;
    }
    let both = format!("{lower} {}", next.to_lowercase());
    let both = both.trim_end();
    let wrote = [
        "wrote:",
        "schrieb:",
        "a écrit :",
        "a écrit:",
        "escribió:",
        "ha scritto:",
        "escreveu:",
        "schreef:",
    ];
    if begins(&["on ", "am ", "le ", "el ", "il ", "em ", "op "])
        && wrote
            .iter()
            .any(|word| lower.trim_end().ends_with(word) || both.ends_with(word))
    {
        return true;
    }
    let heads = ["from:", "von:", "de :", "de:", "da:", "van:"];
    let follows = [
        "sent:",
        "date:",
        "to:",
        "gesendet:",
        "datum:",
        "an:",
        "envoyé",
        "enviado",
        "à :",
        "para:",
        "inviato:",
        "a:",
        "verzonden:",
        "aan:",
    ];
    let next = next.to_lowercase();
    !is_first && begins(&heads) && follows.iter().any(|word| next.starts_with(word))
}

/// Returns how many words a mail itself has.
pub(crate) fn words(own: &str) -> u32 {
    let count = own
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether an answer is one or two words.
pub(crate) fn is_curt(words: u32) -> bool {
    (1..=CURT).contains(&(words as usize))
}

/// Whether they ask for something to read or to know; by words, so only what is clear.
pub(crate) fn asks_info(own: &str) -> bool {
    let lower = own.to_lowercase();
    [
        "please send",
        "can you send",
        "could you send",
        "send me",
        "send us",
        "please provide",
        "can you provide",
        "could you provide",
        "more information",
        "more details",
        "further information",
        "need information",
        "can you share",
        "could you share",
        "please share",
        "bitte senden",
        "bitte schicken",
        "können sie uns",
        "weitere informationen",
        "pouvez-vous",
        "merci de nous envoyer",
        "puede enviar",
        "podría enviar",
        "más información",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_mails_are_not_their_words() {
        for (mail, own) in [
            (
                "Sure.\n\nOn Mon, Nov 9, 2026 at 9:00 AM Ana <a@b.c> wrote:\n> Could you",
                "Sure.",
            ),
            (
                "No\n\nOn Mon, Nov 9, 2026 at 9:00 AM Ana Ruiz\n<a@b.c> wrote:\nCould you",
                "No",
            ),
            (
                "Ok thanks\n-----Original Message-----\nFrom: Ana\nlong text",
                "Ok thanks",
            ),
            ("Ja\nVon: Ana\nGesendet: Montag\nlanger Text", "Ja"),
            ("Yes\n________________________________\nFrom: x", "Yes"),
            ("Am 9.11.2026 um 9 schrieb:\nalles", ""),
            ("> old\nnew words", "new words"),
        ] {
            assert_eq!(own_words(mail), own, "{mail}");
        }
    }

    #[test]
    fn one_or_two_words_are_curt_and_none_is_not() {
        assert!(is_curt(words("ok")));
        assert!(is_curt(words("Not now.")));
        assert!(!is_curt(words("We will look at it")));
        assert!(!is_curt(words("")));
        assert!(asks_info("Could you send us the price list?"));
        assert!(!asks_info("We have no budget"));
    }

    #[test]
    fn any_markup_is_read() {
        for text in [
            "<",
            "<p",
            "&",
            "&;",
            "&#x110000;",
            "</",
            "<!--",
            "<p>é<",
            "<script>",
        ] {
            let _ = own_words(&plain(text));
        }
    }
}
