//! What a prospect asks of us once an offer is out: the support load of a deal.

use chrono::NaiveDate;

use crate::domain::hours::Channel;

/// A held touch, as far as the support load asks.
#[derive(Clone, Copy, Debug)]
pub struct Served {
    /// Its day.
    pub day: NaiveDate,
    /// Whether it came from them.
    pub is_theirs: bool,
    /// By what.
    pub channel: Channel,
    /// Whether they asked for information.
    pub asks_info: bool,
    /// Minutes it cost us.
    pub minutes: u32,
}

/// What they asked of us since our first offer: one that needs much before the contract will
/// need more after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportLoad {
    /// The day of the first proposal or quote.
    pub since: NaiveDate,
    /// Calls, mails and messages of theirs since.
    pub touches: u32,
    /// How many of them asked for information.
    pub requests: u32,
    /// Minutes that calls, mails and messages took since, theirs and ours: meetings, trials and
    /// further quotes are the sale itself.
    pub minutes: u32,
}

impl SupportLoad {
    /// Counts the touches of a deal up to a day, given in the order of their days; `None` where
    /// the record has no offer, or nothing of theirs since.
    pub fn count(touches: impl IntoIterator<Item = Served>, today: NaiveDate) -> Option<Self> {
        let mut load: Option<Self> = None;
        for touch in touches.into_iter().filter(|touch| touch.day <= today) {
            match touch.channel {
                Channel::Proposal | Channel::Quote => {
                    load.get_or_insert(Self {
                        since: touch.day,
                        touches: 0,
                        requests: 0,
                        minutes: 0,
                    });
                }
                Channel::Email | Channel::Call | Channel::Message => {
                    if let Some(load) = &mut load {
                        load.touches += u32::from(touch.is_theirs);
                        load.requests += u32::from(touch.is_theirs && touch.asks_info);
                        load.minutes = load.minutes.saturating_add(touch.minutes);
                    }
                }
                Channel::Meeting | Channel::Demo | Channel::Workshop | Channel::Trial => {}
            }
        }
        load.filter(|load| load.touches > 0)
    }

    /// Hours that it took.
    pub fn hours(&self) -> f64 {
        f64::from(self.minutes) / 60.0
    }

    /// How often they came, in words: `7 calls and mails of theirs, 3 ask for information`.
    pub fn words(&self) -> String {
        let touches = match self.touches {
            1 => "1 call or mail of theirs".to_owned(),
            n => format!("{n} calls and mails of theirs"),
        };
        match self.requests {
            0 => touches,
            1 => format!("{touches}, 1 asks for information"),
            n => format!("{touches}, {n} ask for information"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn served(on: u32, is_theirs: bool, channel: Channel, minutes: u32) -> Served {
        Served {
            day: day(on),
            is_theirs,
            channel,
            asks_info: false,
            minutes,
        }
    }

    #[test]
    fn it_counts_what_they_ask_of_us_once_an_offer_is_out() {
        let asks = Served {
            asks_info: true,
            ..served(6, true, Channel::Email, 10)
        };
        let touches = [
            served(1, true, Channel::Call, 20),
            served(3, false, Channel::Quote, 30),
            served(4, true, Channel::Call, 25),
            served(4, false, Channel::Email, 10),
            asks,
            served(7, false, Channel::Demo, 60),
            served(8, false, Channel::Quote, 30),
            served(30, true, Channel::Call, 20),
        ];

        let load = SupportLoad::count(touches, day(22)).unwrap();

        assert_eq!((load.since, load.touches, load.requests), (day(3), 2, 1));
        assert_eq!(load.minutes, 45);
        assert_eq!(
            load.words(),
            "2 calls and mails of theirs, 1 asks for information"
        );
    }

    #[test]
    fn where_the_record_cannot_know_nothing_is_said() {
        let theirs = served(4, true, Channel::Call, 25);
        let ours = served(4, false, Channel::Call, 25);
        let offer = served(3, false, Channel::Proposal, 120);

        assert_eq!(SupportLoad::count([theirs], day(22)), None, "no offer");
        assert_eq!(SupportLoad::count([offer, ours], day(22)), None, "silence");
        assert_eq!(SupportLoad::count([], day(22)), None);
    }
}
