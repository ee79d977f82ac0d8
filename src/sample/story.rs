//! Which stories there are, and what each needs of the deal in which it is told.

use fastrand::Rng;

use super::plan::Step;

/// Defines the stories and their codes from one list.
macro_rules! stories {
    ($($story:ident $code:literal $what:literal;)+) => {
        /// Why a deal is in the sample.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Story {
            $(#[doc = concat!($what, ".")] $story,)+
        }

        impl Story {
            /// Every story.
            pub const ALL: &[Self] = &[$(Self::$story),+];

            /// Returns its name in the sheet.
            pub fn code(self) -> &'static str {
                match self { $(Self::$story => $code),+ }
            }

            /// Finds it by its name in the sheet.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|story| story.code() == code)
            }

            /// Says what it is about.
            pub fn what(self) -> &'static str {
                match self { $(Self::$story => $what),+ }
            }
        }
    };
}

stories! {
    Lively "lively" "They answer";
    Blank "blank" "A new deal of which nothing is on record";
    Closed "closed" "It was won or lost";
    QuietBelow "quiet-below" "One day short of quiet";
    QuietEdge "quiet-edge" "Quiet since today";
    Quiet "quiet" "Quiet for a while";
    DarkBelow "dark-below" "One day short of dark";
    DarkEdge "dark-edge" "Dark since today";
    Dark "dark" "Dark for a while";
    DarkByTouches "dark-by-touches" "Four touches on three days over a week, unanswered";
    ThreeTouches "three-touches" "Three touches over a week, unanswered";
    FourOnTwoDays "four-on-two-days" "Four touches on two days, unanswered";
    FourInAWeek "four-in-a-week" "Four touches within a week, unanswered";
    NeverAnswered "never-answered" "They never said a word";
    DarkAfterDemo "dark-after-demo" "Dark since a demo";
    DarkAfterWorkshop "dark-after-workshop" "Dark since a workshop";
    DarkAfterProposal "dark-after-proposal" "Dark since the proposal went out";
    QuietAfterDemo "quiet-after-demo" "Quiet since a demo, and not yet dark";
    OneSided "one-sided" "Far more from us than from them";
    ThreeToOne "three-to-one" "Three to one and no more";
    SevenTouches "seven-touches" "Far more from us, in seven touches";
    Curt "curt" "Three curt replies";
    TwiceCurt "twice-curt" "Two curt replies, and a sentence before";
    TwoDeclined "two-declined" "One meeting declined and one moved";
    ThreeDeclined "three-declined" "Three meetings declined";
    TwoNoShows "two-no-shows" "Nobody came, twice";
    OneDeclined "one-declined" "One meeting declined";
    AfterHours "after-hours" "They call at night";
    TwiceAfterHours "twice-after-hours" "They called at night twice, in six";
    ThreeAsks "three-asks" "They asked for three things to read, and gave nothing";
    TwoAsks "two-asks" "They asked for two things to read";
    ThreeQuotes "three-quotes" "The same quote three times";
    FourQuotes "four-quotes" "The same quote four times";
    TwoQuotes "two-quotes" "The same quote twice";
    HandedDown "handed-down" "Handed down once";
    HandedDownTwice "handed-down-twice" "Handed down twice";
    Trial "trial" "A trial began";
    Heavy "heavy" "Days of work for little money";
    Juniors "juniors" "Two meetings without a senior, and one more in closing";
    SeniorFirst "senior-first" "A senior came to the first meeting";
    SeniorLater "senior-later" "A senior came to the third meeting only";
    Untouched "untouched" "Nobody did anything for long";
    AlmostUntouched "almost-untouched" "One day short of untouched";
    DeadOnPaper "dead-on-paper" "Over by the record alone";
    DeadEdge "dead-edge" "Dead on paper since today, by every rule";
    AlmostDeadInbound "almost-dead-inbound" "They spoke a day too late for dead on paper";
    AlmostDeadTouch "almost-dead-touch" "We did something a day too late for it";
    AlmostDeadDate "almost-dead-date" "Its date passed a day too late for it";
}

/// The stories of open deals in the order in which they are dealt out.
pub(super) const CAST: &[Story] = &[
    Story::DeadOnPaper,
    Story::Lively,
    Story::Dark,
    Story::Quiet,
    Story::Lively,
    Story::DarkAfterProposal,
    Story::OneSided,
    Story::Lively,
    Story::TwoDeclined,
    Story::DarkEdge,
    Story::Lively,
    Story::ThreeQuotes,
    Story::DeadEdge,
    Story::QuietBelow,
    Story::Lively,
    Story::Curt,
    Story::Untouched,
    Story::Blank,
    Story::DarkByTouches,
    Story::AfterHours,
    Story::ThreeAsks,
    Story::Lively,
    Story::DarkAfterDemo,
    Story::HandedDown,
    Story::Trial,
    Story::Heavy,
    Story::Juniors,
    Story::QuietEdge,
    Story::DarkBelow,
    Story::ThreeTouches,
    Story::FourOnTwoDays,
    Story::FourInAWeek,
    Story::Lively,
    Story::NeverAnswered,
    Story::SeniorFirst,
    Story::DarkAfterWorkshop,
    Story::QuietAfterDemo,
    Story::ThreeToOne,
    Story::SevenTouches,
    Story::TwiceCurt,
    Story::ThreeDeclined,
    Story::TwoNoShows,
    Story::Lively,
    Story::SeniorLater,
    Story::OneDeclined,
    Story::TwiceAfterHours,
    Story::TwoAsks,
    Story::FourQuotes,
    Story::TwoQuotes,
    Story::HandedDownTwice,
    Story::AlmostUntouched,
    Story::AlmostDeadInbound,
    Story::Lively,
    Story::AlmostDeadTouch,
    Story::AlmostDeadDate,
    Story::DeadOnPaper,
    Story::Dark,
    Story::Blank,
];

/// The close date in relation to the day of the record.
#[derive(Clone, Copy)]
pub(super) enum Closing {
    /// In more than two weeks.
    Far,
    /// Within two weeks, today included.
    Soon,
    /// So many days ago.
    Past(i64),
}

impl Story {
    /// Tells whether it turns on days of silence, whose limits depend on the close date.
    fn is_of_silence(self) -> bool {
        (Self::QuietBelow..=Self::QuietAfterDemo).contains(&self) || self >= Self::Untouched
    }

    /// Tells whether it turns on who of our own people was there.
    pub(super) fn is_of_our_people(self) -> bool {
        (Self::Juniors..=Self::SeniorLater).contains(&self)
    }

    /// Tells whether nobody did anything of late, so that no field moved either.
    pub(super) fn is_still(self) -> bool {
        self >= Self::Untouched
    }

    pub(super) fn closing(self, rng: &mut Rng) -> Closing {
        let mut one_of = |days: &[i64]| Closing::Past(days[rng.usize(..days.len())]);
        let fixed = [
            (Self::DeadEdge, 30),
            (Self::AlmostDeadDate, 29),
            (Self::AlmostDeadInbound, 40),
            (Self::AlmostDeadTouch, 40),
        ];
        if let Some((_, days)) = fixed.iter().find(|(story, _)| *story == self) {
            return Closing::Past(*days);
        }
        if self == Self::DeadOnPaper {
            let past = one_of(&[30, 31, 75, 120]);
            return if rng.bool() { Closing::Far } else { past };
        }
        // Whether a date that has just passed is near is left open by the model.
        let past = if self.is_of_silence() {
            one_of(&[20, 29, 30, 31, 75])
        } else {
            one_of(&[1, 7, 29, 30, 31, 75])
        };
        match rng.u8(..10) {
            0..6 => Closing::Far,
            6..8 => Closing::Soon,
            _ if self == Self::Blank => Closing::Far,
            _ => past,
        }
    }

    pub(super) fn step(self, rng: &mut Rng) -> Step {
        let steps: &[Step] = if self == Self::Blank {
            &[Step::Contact]
        } else if [Self::HandedDown, Self::HandedDownTwice].contains(&self) {
            &[Step::Needs]
        } else if self == Self::DarkAfterProposal {
            &[Step::Offer]
        } else if self == Self::Juniors {
            &[Step::Terms]
        } else if self.is_of_our_people() {
            &[Step::Needs, Step::Offer]
        } else if (Self::ThreeQuotes..=Self::TwoQuotes).contains(&self) {
            &[Step::Offer, Step::Terms]
        } else {
            &Step::OPEN[1..]
        };
        steps[rng.usize(..steps.len())]
    }
}
