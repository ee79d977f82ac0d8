//! How high up a job title is, where nobody said it.

/// Beginnings of words of job titles by level, 1 to 4; the first that fits counts, so that an
/// assistant of the chief is an assistant, and a vice president no president.
const TITLES: [(u8, &[&str]); 5] = [
    (
        1,
        &[
            "assist",
            "intern",
            "trainee",
            "clerk",
            "coordinator",
            "secretary",
            "assistent",
            "praktikant",
            "sachbearbeit",
        ],
    ),
    (3, &["vice", "vp", "svp", "evp"]),
    (
        4,
        &[
            "chief",
            "ceo",
            "cfo",
            "cto",
            "coo",
            "cio",
            "cmo",
            "cso",
            "ciso",
            "president",
            "owner",
            "founder",
            "cofounder",
            "geschaftsfuhr",
            "geschäftsführ",
            "vorstand",
            "inhaber",
            "pdg",
            "gerant",
            "gérant",
        ],
    ),
    (
        3,
        &[
            "director",
            "head",
            "leiter",
            "leitung",
            "direktor",
            "directeur",
            "directrice",
        ],
    ),
    (
        2,
        &[
            "manager",
            "lead",
            "supervisor",
            "principal",
            "senior",
            "teamleit",
            "responsable",
        ],
    ),
];

/// Reads how high up a job title is: 4 leads the whole, 3 a large part, 2 a team, 1 nobody;
/// `None` where its words tell nothing.
pub fn level_of_title(title: &str) -> Option<u8> {
    let title = title.to_lowercase();
    if title.contains("managing director") || title.contains("general manager") {
        return Some(4);
    }
    let words: Vec<&str> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |stem: &&str| {
        let short = stem.len() <= 4;
        words.iter().any(|word| {
            if short {
                word == stem
            } else {
                word.starts_with(stem)
            }
        })
    };
    let found = TITLES.iter().find(|(_, stems)| stems.iter().any(&has));
    found.map(|(level, _)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_read_by_their_words() {
        for (title, level) in [
            ("Chief Financial Officer", Some(4)),
            ("CEO & Founder", Some(4)),
            ("Managing Director", Some(4)),
            ("Geschäftsführerin", Some(4)),
            ("Vice President Sales", Some(3)),
            ("VP, Operations", Some(3)),
            ("Head of Finance", Some(3)),
            ("Director of IT", Some(3)),
            ("Plant Manager", Some(2)),
            ("Assistant", Some(1)),
            ("Assistant to the CEO", Some(1)),
            ("Engineer", None),
            ("", None),
        ] {
            assert_eq!(level_of_title(title), level, "{title}");
        }
    }
}
