//! Judging people's judgement: what was decided and suggested, against what happened.
//!
//! Nobody can know what a fired deal would have become, so a fired deal is only known where it
//! was asked after (at 90 and at 180 days) or closed in the record, and the rest is counted as not
//! known.

/// What became of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// We won it.
    Won,
    /// It was lost.
    Lost,
    /// They bought from somebody else.
    BoughtElsewhere,
    /// They bought nothing.
    BoughtNothing,
    /// They came back, on better terms or as before.
    CameBack,
    /// They were asked after, and said nothing.
    Silent,
    /// It is open, or nobody has asked yet.
    NotKnown,
}

impl Fate {
    /// Every fate, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::Won,
        Self::Lost,
        Self::BoughtElsewhere,
        Self::BoughtNothing,
        Self::CameBack,
        Self::Silent,
        Self::NotKnown,
    ];

    /// Returns the word that is printed for machines; it never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::BoughtElsewhere => "bought_elsewhere",
            Self::BoughtNothing => "bought_nothing",
            Self::CameBack => "came_back",
            Self::Silent => "silent",
            Self::NotKnown => "not_known",
        }
    }

    /// Returns it in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::BoughtElsewhere => "bought elsewhere",
            Self::BoughtNothing => "bought nothing",
            Self::CameBack => "came back",
            Self::Silent => "silent",
            Self::NotKnown => "not known yet",
        }
    }

    /// Reads what the record says: the status of the deal and the latest outcome that was told.
    pub fn of(status: &str, outcome: Option<&str>) -> Self {
        match (status, outcome) {
            ("won", _) => Self::Won,
            (_, Some("bought_elsewhere")) => Self::BoughtElsewhere,
            (_, Some("bought_nothing")) => Self::BoughtNothing,
            ("lost", _) | (_, Some("lost")) => Self::Lost,
            (_, Some("won")) => Self::Won,
            (_, Some("came_back_better" | "came_back_unchanged")) => Self::CameBack,
            (_, Some("silence")) => Self::Silent,
            _ => Self::NotKnown,
        }
    }
}

/// One judgement of a deal: somebody's latest decision, or what was suggested at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Who judged.
    pub who: String,
    /// Their role: rep or manager; the cockpit's verdict is of nobody.
    pub role: String,
    /// What they decided, or what was suggested.
    pub what: String,
    /// What became of the deal.
    pub fate: Fate,
}

/// Equal judgements together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Who judged.
    pub who: String,
    /// Their role.
    pub role: String,
    /// What they decided, or what was suggested.
    pub what: String,
    /// How many deals met each fate, in the order of [`Fate::ALL`].
    pub fates: [u32; Fate::ALL.len()],
}

impl Tally {
    /// Returns how many deals were judged so.
    pub fn deals(&self) -> u32 {
        self.fates.iter().sum()
    }

    /// Returns how many of them met a fate.
    pub fn count(&self, fate: Fate) -> u32 {
        let place = Fate::ALL.iter().position(|other| *other == fate);
        place.map_or(0, |place| self.fates[place])
    }

    /// Returns how many of them are known to have been won or lost, and how many were won: what
    /// bought nothing or elsewhere is no deal of ours.
    pub fn known(&self) -> (u32, u32) {
        let won = self.count(Fate::Won);
        let not = [Fate::Lost, Fate::BoughtElsewhere, Fate::BoughtNothing];
        let lost: u32 = not.into_iter().map(|fate| self.count(fate)).sum();
        (won + lost, won)
    }
}

/// Puts equal judgements together, in the order of who and what.
pub fn tally(mut all: Vec<Judged>) -> Vec<Tally> {
    all.sort_by(|a, b| (&a.who, &a.role, &a.what).cmp(&(&b.who, &b.role, &b.what)));
    let mut tallies: Vec<Tally> = Vec::new();
    for one in all {
        let is_same = |t: &Tally| (&t.who, &t.role, &t.what) == (&one.who, &one.role, &one.what);
        if !tallies.last().is_some_and(is_same) {
            tallies.push(Tally {
                who: one.who,
                role: one.role,
                what: one.what,
                fates: [0; Fate::ALL.len()],
            });
        }
        let place = Fate::ALL.iter().position(|fate| *fate == one.fate);
        if let (Some(last), Some(place)) = (tallies.last_mut(), place) {
            last.fates[place] += 1;
        }
    }
    tallies
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fate_is_what_the_record_says_first_and_what_was_told_then() {
        assert_eq!(Fate::of("won", Some("silence")), Fate::Won);
        assert_eq!(
            Fate::of("lost", Some("bought_elsewhere")),
            Fate::BoughtElsewhere
        );
        assert_eq!(Fate::of("lost", None), Fate::Lost);
        assert_eq!(
            Fate::of("open", Some("bought_nothing")),
            Fate::BoughtNothing
        );
        assert_eq!(Fate::of("open", Some("came_back_better")), Fate::CameBack);
        assert_eq!(Fate::of("open", Some("silence")), Fate::Silent);
        assert_eq!(Fate::of("open", None), Fate::NotKnown);
    }

    #[test]
    fn equal_judgements_are_counted_and_what_is_not_known_stays_apart() {
        let one = |what: &str, fate| Judged {
            who: "Ana".to_owned(),
            role: "rep".to_owned(),
            what: what.to_owned(),
            fate,
        };

        let tallies = tally(vec![
            one("fired", Fate::BoughtNothing),
            one("continued", Fate::Won),
            one("fired", Fate::NotKnown),
            one("fired", Fate::Won),
        ]);

        assert_eq!(tallies.len(), 2);
        let fired = &tallies[1];
        assert_eq!(
            (fired.what.as_str(), fired.deals(), fired.known()),
            ("fired", 3, (2, 1))
        );
        assert_eq!(fired.count(Fate::NotKnown), 1);
    }
}
