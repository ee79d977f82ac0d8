//! The last weeks of a deal, contact by contact, and what they must show.

use chrono::NaiveDate;
use fastrand::Rng;

use super::names::SENIORS;
use super::plan::{Outcome, Touch};
use super::story::Story;
use super::talk::{ASKS, OURS, SENTENCES, SUBJECTS, weekday};
use super::truth::Planted;
use crate::domain::hours::Channel;
use crate::domain::phase::Phase;

/// From which day on silence is quiet, and dark (scoring model).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) quiet: i64,
    pub(super) dark: i64,
}

impl Limits {
    /// The limits of a phase; half of them near the close date or the end of the period. A
    /// limit between two days is reached on the later one.
    pub(super) fn of(phase: Phase, is_near: bool) -> Self {
        let quarters = match phase {
            Phase::Early => 6,
            Phase::Middle | Phase::Won | Phase::Lost => 4,
            Phase::Proposal => 3,
            Phase::Negotiation => 2,
        };
        let parts = if is_near { 8 } else { 4 };
        let limit = |days: i64| (days * quarters + parts - 1) / parts;
        Self {
            quiet: limit(14),
            dark: limit(30),
        }
    }
}

/// The contacts of the last weeks, and what they must show.
pub(super) struct Tail {
    pub(super) touches: Vec<Touch>,
    pub(super) planted: Vec<Planted>,
}

struct Teller<'r> {
    rng: &'r mut Rng,
    today: NaiveDate,
    limits: Limits,
    place: usize,
    tail: Tail,
}

impl Tail {
    /// Tells a story.
    pub(super) fn of(
        rng: &mut Rng,
        story: Story,
        limits: Limits,
        place: usize,
        today: NaiveDate,
    ) -> Self {
        let tail = Self {
            touches: Vec::new(),
            planted: Vec::new(),
        };
        let mut teller = Teller {
            rng,
            today,
            limits,
            place,
            tail,
        };
        teller.tell(story);
        teller.tail
    }

    /// Returns the age of its first contact; 0 where there is none.
    pub(super) fn oldest(&self) -> i64 {
        self.touches
            .iter()
            .map(|touch| touch.age)
            .max()
            .unwrap_or(0)
    }
}

impl Teller<'_> {
    fn pick(&mut self, list: &[&'static str]) -> &'static str {
        list[self.rng.usize(..list.len())]
    }

    /// Within every working day.
    fn by_day(&mut self) -> u32 {
        self.rng.u32(10 * 60..16 * 60)
    }

    /// From us.
    fn out(&mut self, age: i64) {
        let (at, subject) = (self.by_day(), self.pick(SUBJECTS));
        let is_call = self.rng.u8(..3) == 0;
        let way = if is_call {
            Channel::Call
        } else {
            Channel::Email
        };
        let minutes = is_call.then(|| self.rng.u32(1..9) * 5);
        let words = self.pick(OURS);
        self.tail.touches.push(Touch {
            minutes,
            words,
            ..Touch::plain(age, at, false, way, subject)
        });
    }

    /// From them, on that very day.
    fn back(&mut self, age: i64) -> &mut Touch {
        let (at, subject) = (self.by_day(), self.pick(SUBJECTS));
        let words = self.pick(SENTENCES);
        self.tail.touches.push(Touch {
            words,
            ..Touch::plain(age, at, true, Channel::Email, subject)
        });
        let last = self.tail.touches.len() - 1;
        &mut self.tail.touches[last]
    }

    /// From them, on that day or the working day before.
    fn reply(&mut self, age: i64) -> &mut Touch {
        let age = weekday(self.today, age);
        self.back(age)
    }

    fn meeting(&mut self, age: i64, way: Channel, subject: &'static str, minutes: u32) {
        self.tail.touches.push(Touch {
            minutes: Some(minutes),
            ..Touch::plain(age, 10 * 60, false, way, subject)
        });
    }

    /// Meetings, each with the one of ours who came; they wrote at last.
    fn meetings(&mut self, held: &[(i64, Option<usize>)]) {
        for (age, by) in held {
            self.meeting(*age, Channel::Meeting, "Review of the plan", 60);
            if let Some(touch) = self.tail.touches.last_mut() {
                touch.by = *by;
            }
        }
        self.reply(1);
    }

    /// A meeting that did not take place, and took nobody's time.
    fn not_met(&mut self, age: i64, outcome: Outcome) {
        self.tail.touches.push(Touch {
            minutes: Some(0),
            outcome,
            words: "",
            ..Touch::plain(age, 14 * 60, false, Channel::Meeting, "Review of the plan")
        });
    }

    fn plant(&mut self, planted: Planted) {
        self.tail.planted.push(planted);
    }

    /// They were last heard of so many days ago, and so many touches of ours stay unanswered.
    fn plant_silence(&mut self, days: i64, unanswered: i64, is_red_by_touches: bool) -> bool {
        let is_red = is_red_by_touches || days >= self.limits.dark;
        let dark = match is_red {
            true => Planted::red("dark"),
            false if days >= self.limits.quiet => Planted::amber("dark"),
            false => return false,
        };
        self.plant(dark.with("days", days).with("unanswered", unanswered));
        is_red
    }

    /// From us, in the evening of a day on which they spoke, so that their last act and our first
    /// touch without an answer are equally long ago.
    fn out_same_day(&mut self, age: i64) {
        self.out(age);
        if let Some(touch) = self.tail.touches.last_mut() {
            touch.at = 16 * 60 + 30;
        }
    }

    /// They spoke so many days ago; we wrote on the same day, and once more of late.
    fn silent_for(&mut self, days: i64) {
        self.back(days);
        self.out_same_day(days);
        let late = self.rng.i64(2..9);
        let has_second = late < days - 1;
        if has_second {
            self.out(late);
        }
        self.plant_silence(days, 1 + i64::from(has_second), false);
    }

    /// They spoke so many days ago; since then we wrote on these days after that.
    fn silent_after(&mut self, days: i64, later: &[i64], is_red_by_touches: bool) {
        self.back(days);
        for after in later {
            if *after == 0 {
                self.out_same_day(days);
            } else {
                self.out(days - after);
            }
        }
        self.plant_silence(days, later.len() as i64, is_red_by_touches);
    }

    /// Dark since we worked together.
    fn after_work(&mut self, way: Channel, subject: &'static str, minutes: u32, days: i64) {
        self.meeting(days, way, subject, minutes);
        self.back(days).at = 16 * 60;
        self.out_same_day(days);
        let is_dark = self.plant_silence(days, 1, false);
        if is_dark {
            self.plant(Planted::red("dark-after-work").with("days", days));
        }
    }

    /// Nothing came back to these; they wrote at last.
    fn not_meeting(&mut self, ages: &[(i64, Outcome)]) {
        for (age, outcome) in ages {
            self.not_met(*age, *outcome);
        }
        self.reply(2);
    }

    /// So many from us and so many from them within 50 days; the last is from them.
    fn balance(&mut self, ours: i64, theirs: i64) {
        for nth in 0..ours {
            self.out(50 - nth * 45 / ours);
        }
        for nth in 0..theirs {
            self.reply(2 + nth * 40 / theirs);
        }
    }

    fn curt(&mut self, words: [&'static str; 3]) {
        for (nth, words) in words.into_iter().enumerate() {
            let age = 18 - 7 * nth as i64;
            self.out(age + 4);
            self.reply(age).words = words;
        }
    }

    fn calls_by_night(&mut self, by_day: i64, by_night: i64) {
        self.out(45);
        for nth in 0..by_day + by_night {
            let is_night = nth < by_night;
            let touch = self.reply(3 + 6 * nth);
            touch.way = Channel::Call;
            touch.minutes = Some(15);
            if is_night {
                touch.at = 21 * 60 + 30;
            }
        }
    }

    fn asks(&mut self, things: &[&'static str]) {
        for (nth, words) in things.iter().enumerate() {
            let age = 4 + 11 * nth as i64;
            self.reply(age + 3).words = words;
            self.out(age);
        }
        self.reply(2);
    }

    fn quotes(&mut self, copies: i64) {
        for nth in 0..copies {
            let age = 50 - 12 * nth;
            let document = Some(self.place);
            self.tail.touches.push(Touch {
                document,
                words: "Here it is once more, with the prices as agreed.",
                ..Touch::plain(age, 11 * 60, false, Channel::Quote, "Quote")
            });
            self.reply(age - 5);
        }
    }

    fn handed_down(&mut self, who: &[usize]) {
        for (nth, who) in who.iter().enumerate() {
            let age = 46 - 9 * nth as i64;
            self.out(age);
            let last = self.tail.touches.len() - 1;
            self.tail.touches[last].who = *who;
            self.reply(age - 3).who = *who;
        }
    }

    fn tell(&mut self, story: Story) {
        let Limits { quiet, dark } = self.limits;
        match story {
            Story::Blank | Story::Closed => {}
            Story::Lively => {
                let last = self.rng.i64(1..5);
                match self.rng.u8(..4) {
                    0 => self.meeting(last + 9, Channel::Demo, "Demo of the new board", 60),
                    1 => self.meeting(last + 7, Channel::Meeting, "Review of the plan", 45),
                    _ => self.out(last + 8),
                }
                self.out(last + 4);
                self.reply(last + 3);
                self.out(last + 3);
                self.back(last);
            }
            Story::QuietBelow => self.silent_for(quiet - 1),
            Story::QuietEdge => self.silent_for(quiet),
            Story::Quiet => {
                let days = self.rng.i64(quiet..dark);
                self.silent_for(days);
            }
            Story::DarkBelow => self.silent_for(dark - 1),
            Story::DarkEdge => self.silent_for(dark),
            Story::Dark => {
                let days = dark + self.rng.i64(1..25);
                self.silent_for(days);
            }
            Story::DarkByTouches => {
                let days = quiet.max(11);
                self.silent_after(days, &[0, 4, 7, 9], true);
            }
            Story::ThreeTouches => self.silent_after(quiet.max(11), &[0, 5, 10], false),
            Story::FourOnTwoDays => self.silent_after(quiet.max(11), &[0, 0, 10, 10], false),
            Story::FourInAWeek => self.silent_after(quiet.max(11), &[0, 2, 4, 6], false),
            Story::NeverAnswered => {
                for age in [40, 31, 22, 13, 5] {
                    self.out(age);
                }
                self.plant(Planted::red("dark").with("days", 40).with("unanswered", 5));
            }
            Story::DarkAfterDemo => {
                self.after_work(Channel::Demo, "Demo of the new board", 60, dark + 2);
            }
            Story::DarkAfterWorkshop => {
                self.after_work(Channel::Workshop, "Workshop at their plant", 360, dark);
            }
            Story::DarkAfterProposal => {
                let days = dark + 4;
                self.back(days);
                self.tail.touches.push(Touch {
                    document: Some(self.place),
                    words: "Here is our proposal with the three steps.",
                    ..Touch::plain(days - 1, 12 * 60, false, Channel::Proposal, "Proposal")
                });
                self.out(days - 5);
                self.plant_silence(days, 2, false);
                self.plant(Planted::red("dark-after-work").with("days", days));
            }
            Story::QuietAfterDemo => {
                self.after_work(Channel::Demo, "Demo of the new board", 45, dark - 1);
            }
            Story::OneSided => {
                self.balance(9, 2);
                self.plant(Planted::amber("one-sided").with("out", 9).with("in", 2));
            }
            Story::ThreeToOne => self.balance(6, 2),
            Story::SevenTouches => self.balance(6, 1),
            Story::Curt => {
                self.curt(["Ok.", "Not now", "Thanks"]);
                self.plant(Planted::amber("curt").with("touches", 3));
            }
            Story::TwiceCurt => self.curt(["Not this week, sorry", "Not now", "Thanks"]),
            Story::OneDeclined => self.not_meeting(&[(15, Outcome::Declined)]),
            Story::TwoDeclined => {
                self.not_meeting(&[(20, Outcome::Declined), (12, Outcome::Moved)]);
                self.plant(Planted::amber("won't-meet").with("refused", 2));
            }
            Story::ThreeDeclined => {
                self.not_meeting(&[
                    (24, Outcome::Declined),
                    (16, Outcome::Declined),
                    (9, Outcome::Declined),
                ]);
                self.plant(Planted::red("won't-meet").with("refused", 3));
            }
            Story::TwoNoShows => {
                self.not_meeting(&[(18, Outcome::NoShow), (9, Outcome::NoShow)]);
                let refused = Planted::red("won't-meet").with("refused", 2);
                self.plant(refused.with("no_shows", 2));
            }
            Story::AfterHours => {
                self.calls_by_night(2, 3);
                let night = Planted::amber("after-hours").with("touches", 3);
                self.plant(night.with("of", 5));
            }
            Story::TwiceAfterHours => self.calls_by_night(4, 2),
            Story::ThreeAsks => {
                self.asks(ASKS);
                self.plant(Planted::amber("info-drip").with("requests", 3));
            }
            Story::TwoAsks => self.asks(&ASKS[..2]),
            Story::TwoQuotes => self.quotes(2),
            Story::ThreeQuotes => {
                self.quotes(3);
                self.plant(Planted::amber("re-quoted").with("times", 3));
            }
            Story::FourQuotes => {
                self.quotes(4);
                self.plant(Planted::red("re-quoted").with("times", 4));
            }
            Story::HandedDown => {
                self.handed_down(&[0, 0, 1, 1]);
                self.plant(Planted::amber("handed-down").with("times", 1));
            }
            Story::HandedDownTwice => {
                self.handed_down(&[0, 1, 1, 2, 2]);
                self.plant(Planted::red("handed-down").with("times", 2));
            }
            Story::Trial => {
                self.out(22);
                self.meeting(12, Channel::Trial, "Trial on line 2", 480);
                self.meeting(11, Channel::Trial, "Trial on line 2", 240);
                self.reply(6);
            }
            Story::Heavy => {
                self.meeting(24, Channel::Workshop, "Workshop on the second line", 480);
                self.meeting(13, Channel::Workshop, "Workshop on the first line", 300);
                self.reply(4);
            }
            Story::Juniors => self.meetings(&[(56, None), (49, None), (2, None)]),
            Story::SeniorFirst => {
                self.meetings(&[(54, Some(SENIORS[0])), (47, None), (12, None)]);
            }
            Story::SeniorLater => {
                self.meetings(&[(54, None), (47, None), (12, Some(SENIORS[1]))]);
            }
            Story::Untouched => {
                self.out(52);
                self.back(50);
            }
            Story::AlmostUntouched => {
                self.out(47);
                self.back(44);
            }
            Story::DeadOnPaper => {
                let days = self.rng.i64(65..180);
                let last = self.rng.i64(46..58);
                self.silent_after(days, &[2, days - last], false);
            }
            Story::DeadEdge => self.silent_after(60, &[5, 15], false),
            Story::AlmostDeadInbound => self.silent_after(59, &[4, 12], false),
            Story::AlmostDeadTouch => self.silent_after(70, &[8, 26], false),
            Story::AlmostDeadDate => self.silent_after(70, &[8, 20], false),
        }
    }
}
