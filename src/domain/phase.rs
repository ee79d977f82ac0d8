//! How far a deal is, whatever the CRM calls its stages.
//!
//! A stage becomes a [`Phase`] by its words, else by its probability, else by its place in the
//! pipeline. Where none of them tells, the phase stays unknown, and nothing that needs it is
//! held against the deal.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How far a deal is, from the first talk to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// First contact, qualification.
    Early,
    /// Needs, demo, evaluation.
    Middle,
    /// An offer is out.
    Proposal,
    /// Terms and papers.
    Negotiation,
    /// Closed and won.
    Won,
    /// Closed and lost.
    Lost,
}

impl Phase {
    /// Every phase in its order.
    pub const ALL: [Self; 6] = [
        Self::Early,
        Self::Middle,
        Self::Proposal,
        Self::Negotiation,
        Self::Won,
        Self::Lost,
    ];

    /// Returns the text that is stored and printed; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Middle => "middle",
            Self::Proposal => "proposal",
            Self::Negotiation => "negotiation",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// Reads a stored text.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.code() == code)
    }

    /// Tells whether a deal is at or past proposal.
    pub fn is_late(self) -> bool {
        self >= Self::Proposal
    }

    /// Reads a stage's name in any of the languages of [`STEMS`], in any case and with any
    /// number or emoji around it. `None` where its words tell nothing.
    pub fn from_stage_words(stage: &str) -> Option<Self> {
        let plain = plain_words(stage);
        let has = |stem: &str| contains(&plain, stem);
        STEMS
            .iter()
            .find(|(_, stems)| stems.iter().any(|stem| has(stem)))
            .map(|(phase, _)| *phase)
    }

    /// Reads the chance that a CRM gives to an open stage, in per cent.
    ///
    /// From 75 negotiation and from 50 proposal (scoring model), from 25 middle, else early;
    /// `None` for what is no percentage. Not for closed deals, whose chance says nothing.
    pub fn from_probability(percent: f64) -> Option<Self> {
        if !(0.0..=100.0).contains(&percent) {
            None
        } else if percent >= 75.0 {
            Some(Self::Negotiation)
        } else if percent >= 50.0 {
            Some(Self::Proposal)
        } else if percent >= 25.0 {
            Some(Self::Middle)
        } else {
            Some(Self::Early)
        }
    }

    /// Reads a stage's place, from 0, among the `len` open stages of its pipeline, by quarters.
    ///
    /// `None` where the place is outside, or the only one there is.
    pub fn from_place(index: usize, len: usize) -> Option<Self> {
        if index >= len || len < 2 {
            return None;
        }
        let open = [Self::Early, Self::Middle, Self::Proposal, Self::Negotiation];
        let quarter = index as u128 * open.len() as u128 / len as u128;
        open.get(quarter as usize).copied()
    }
}

/// Words of stage names by phase, in the order in which they are tried: an end outranks a step
/// on the way, and a later step an earlier one.
///
/// A stem matches at the start of a word of the name; `=` in front asks for the whole word.
/// Without accents, in small letters; several words are words in a row.
pub const STEMS: [(Phase, &[&str]); 7] = [
    (
        Phase::Lost,
        &[
            "lost",
            "closedlost",
            "=dead",
            "abandon",
            "disqualif",
            "unqualif",
            "not interested",
            "no decision",
            "out sold",
            "outsold",
            "cancel",
            "verloren",
            "perdu",
            "perdid",
            "=perso",
            "=persa",
            "=perse",
            "tapt",
            "forlorad",
            "=tabt",
            "przegran",
            "utracon",
            "rejected",
        ],
    ),
    (
        Phase::Won,
        &[
            "=won",
            "closedwon",
            "gewonnen",
            "gagne",
            "ganad",
            "=ganho",
            "=ganha",
            "=vinto",
            "=vinta",
            "vunnet",
            "vunnen",
            "vundet",
            "wygran",
        ],
    ),
    // Steps that carry a word of a later one.
    (
        Phase::Middle,
        &["value prop", "propuesta de valor", "proposta de valor"],
    ),
    (
        Phase::Negotiation,
        &[
            "negotiat",
            "negociat",
            "negociac",
            "negoziaz",
            "trattativa",
            "verhandl",
            "onderhandel",
            "forhandl",
            "negocjac",
            "contract",
            "contrat",
            "vertrag",
            "umowa",
            "avtal",
            "kontrakt",
            "verbal",
            "closing",
            "=close",
            "commit",
            "legal",
            "procurement",
            "signature",
            "redline",
            "in review",
        ],
    ),
    (
        Phase::Proposal,
        &[
            "propos",
            "propuest",
            "quote",
            "quotation",
            "pricing",
            "offer",
            "bid",
            "tender",
            "angebot",
            "devis",
            "offre",
            "cotiza",
            "presupuesto",
            "orcamento",
            "ofert",
            "preventivo",
            "offert",
            "tilbud",
        ],
    ),
    (
        Phase::Middle,
        &[
            "demo",
            "present",
            "needs",
            "analys",
            "analis",
            "analiz",
            "develop",
            "evaluat",
            "perception",
            "decision maker",
            "decisionmaker",
            "pilot",
            "trial",
            "proof",
            "=poc",
            "solution",
            "discover",
            "meeting",
            "=in progress",
            "bedarf",
            "besoin",
            "necesidad",
            "necessidad",
            "behoefte",
            "scoping",
            "validat",
            "technical",
            "bought in",
            "follow up",
        ],
    ),
    (
        Phase::Early,
        &[
            "prospec",
            "prospekt",
            "qualif",
            "kwalif",
            "calific",
            "cualific",
            "kval",
            "lead",
            "appointment",
            "contact",
            "kontakt",
            "contatto",
            "contato",
            "screening",
            "inbound",
            "target",
            "identif",
            "=new",
            "neu",
            "nieuw",
            "nuevo",
            "novo",
            "nuovo",
            "nouveau",
            "=ny",
            "intro",
            "aware",
        ],
    ),
];

/// Spells a name in small letters without accents, its words apart by one space.
fn plain_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 1);
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase().map(|c| if c == 'ł' { 'l' } else { c }));
        } else if !words.ends_with(' ') && !words.is_empty() {
            words.push(' ');
        }
    }
    words
}

/// Tells whether a stem of [`STEMS`] starts a word of a name that is spelled plainly.
fn contains(plain: &str, stem: &str) -> bool {
    let (word, is_whole) = stem
        .strip_prefix('=')
        .map_or((stem, false), |word| (word, true));
    plain.match_indices(word).any(|(at, _)| {
        let starts = at == 0 || plain[..at].ends_with(' ');
        let rest = &plain[at + word.len()..];
        starts && (!is_whole || rest.is_empty() || rest.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stored_texts_are_read_back_and_never_change() {
        let codes: Vec<_> = Phase::ALL.iter().map(|phase| phase.code()).collect();

        assert_eq!(
            codes,
            ["early", "middle", "proposal", "negotiation", "won", "lost"]
        );
        assert!(
            Phase::ALL
                .into_iter()
                .all(|p| Phase::from_code(p.code()) == Some(p))
        );
        assert_eq!(Phase::from_code("Early"), None);
    }

    #[test]
    fn late_begins_at_proposal() {
        assert!(!Phase::Early.is_late() && !Phase::Middle.is_late());
        assert!(Phase::Proposal.is_late() && Phase::Negotiation.is_late());
    }

    #[test]
    fn stages_of_the_known_crms_have_their_phase() {
        use Phase::{Early, Lost, Middle, Negotiation, Proposal, Won};
        let cases = [
            ("Prospecting", Early),
            ("Qualification", Early),
            ("Needs Analysis", Middle),
            ("Value Proposition", Middle),
            ("Id. Decision Makers", Middle),
            ("Perception Analysis", Middle),
            ("Proposal/Price Quote", Proposal),
            ("Negotiation/Review", Negotiation),
            ("Closed Won", Won),
            ("Closed Lost", Lost),
            ("Closed-Lost to Competition", Lost),
            ("closedwon", Won),
            ("closedlost", Lost),
            ("Appointment Scheduled", Early),
            ("Qualified To Buy", Early),
            ("Presentation Scheduled", Middle),
            ("Decision Maker Bought-In", Middle),
            ("Contract Sent", Negotiation),
            ("Contact Made", Early),
            ("Demo Scheduled", Middle),
            ("Proposal Made", Proposal),
            ("Negotiations Started", Negotiation),
            ("1-Qualify", Early),
            ("2-Develop", Middle),
            ("3-Propose", Proposal),
            ("4-Close", Negotiation),
            ("NEW", Early),
            ("New", Early),
            ("Qualified", Early),
            ("Proposition", Proposal),
            ("Won 🎉", Won),
            ("Abandoned", Lost),
            ("Dead", Lost),
            ("Out-Sold", Lost),
            ("SCREENING", Early),
            ("MEETING", Middle),
            ("In Progress", Middle),
        ];

        for (stage, phase) in cases {
            assert_eq!(Phase::from_stage_words(stage), Some(phase), "{stage}");
        }
    }

    #[test]
    fn stages_are_read_in_other_languages() {
        use Phase::{Early, Lost, Middle, Negotiation, Proposal, Won};
        let cases = [
            ("Qualifizierung", Early),
            ("Bedarfsanalyse", Middle),
            ("Angebot versandt", Proposal),
            ("Verhandlung", Negotiation),
            ("Gewonnen", Won),
            ("Verloren", Lost),
            ("Négociation", Negotiation),
            ("Devis envoyé", Proposal),
            ("Affaire gagnée", Won),
            ("Perdue", Lost),
            ("Prospección", Early),
            ("Propuesta", Proposal),
            ("Negociación", Negotiation),
            ("Ganado", Won),
            ("Cerrado perdido", Lost),
            ("Negociação", Negotiation),
            ("Ganho", Won),
            ("Trattativa", Negotiation),
            ("Vinto", Won),
            ("Perso", Lost),
            ("Offerte", Proposal),
            ("Onderhandeling", Negotiation),
            ("Förhandling", Negotiation),
            ("Negocjacje", Negotiation),
            ("Oferta wysłana", Proposal),
            ("Przegrana", Lost),
        ];

        for (stage, phase) in cases {
            assert_eq!(Phase::from_stage_words(stage), Some(phase), "{stage}");
        }
    }

    #[test]
    fn words_that_tell_nothing_stay_unknown() {
        for stage in [
            "",
            "   ",
            "Stage 3",
            "🎉",
            "Wonderland",
            "Personal",
            "Stufe B",
            "closed",
        ] {
            assert_eq!(Phase::from_stage_words(stage), None, "{stage:?}");
        }
    }

    #[test]
    fn a_chance_becomes_a_phase_at_its_steps() {
        let cases = [
            (0.0, Phase::Early),
            (24.9, Phase::Early),
            (25.0, Phase::Middle),
            (49.9, Phase::Middle),
            (50.0, Phase::Proposal),
            (74.9, Phase::Proposal),
            (75.0, Phase::Negotiation),
            (100.0, Phase::Negotiation),
        ];

        for (percent, phase) in cases {
            assert_eq!(Phase::from_probability(percent), Some(phase), "{percent}");
        }
        for percent in [-1.0, 100.5, f64::NAN, f64::INFINITY] {
            assert_eq!(Phase::from_probability(percent), None, "{percent}");
        }
    }

    #[test]
    fn a_place_becomes_a_phase_by_quarters() {
        let five: Vec<_> = (0..5).map(|at| Phase::from_place(at, 5).unwrap()).collect();

        let (early, negotiation) = (Phase::Early, Phase::Negotiation);
        assert_eq!(
            five,
            [early, early, Phase::Middle, Phase::Proposal, negotiation]
        );
        assert_eq!(Phase::from_place(5, 5), None);
        assert_eq!(Phase::from_place(0, 1), None);
        assert_eq!(Phase::from_place(0, 0), None);
        assert_eq!(
            Phase::from_place(usize::MAX - 1, usize::MAX),
            Some(negotiation)
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_stage_name(stage in "\\PC{0,40}") {
            let _ = Phase::from_stage_words(&stage);
        }
    }
}
