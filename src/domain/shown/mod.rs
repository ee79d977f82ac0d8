//! Text that may be masked, and the mask.
//!
//! What names or prices something of the user's is a [`Name`], a [`Free`] or a
//! [`Money`] from the row to the screen, never a bare string. It becomes characters in one place
//! only: under a [`Mask`]. None of the types has a `Display`, and their `Debug` prints the kind, so
//! that a log, a panic or a window title cannot tell what the screen hides.
//!
//! Text for a terminal goes through [`super::clean::TermSafe`] after the mask.

mod label;
mod numbers;

use std::borrow::Cow;
use std::fmt;

use super::bank::Bank;
use super::ids::DealId;
use super::locale::Locale;
use super::money::Money;
use label::Labels;
use numbers::mask_numbers;

/// What stands for anything masked, the same for every size.
const MASKED: &str = "•••••";

/// The same in plain ASCII.
const MASKED_ASCII: &str = "*****";

/// The name of an account, a deal or a contact.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Name(String);

/// Text that a person or a CRM wrote about a deal: a note, a reply, a reason, a next step.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Free(String);

macro_rules! maskable {
    ($kind:ident) => {
        impl $kind {
            /// Takes text into custody.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Says whether there is no text.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// Returns the raw text, past every mask. For the store and for exports that the user
            /// asked for by name; nothing that a person looks at may call this.
            pub fn expose_for_storage(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($kind))
            }
        }

        impl From<String> for $kind {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $kind {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

maskable!(Name);
maskable!(Free);

/// How much is hidden. Ordered: a later level hides all that an earlier one hides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// Nothing.
    #[default]
    Open,
    /// Amounts, and every number in free text.
    Amounts,
    /// Also account, title, contact and all free text.
    Names,
}

impl Level {
    /// Reads the level of a command's option: 0, 1 or 2.
    pub fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Open),
            1 => Some(Self::Amounts),
            2 => Some(Self::Names),
            _ => None,
        }
    }
}

/// What a name names, which decides the label that stands for it.
///
/// `deal` is the deal in whose place the name is shown: the name is shown openly where that deal
/// is the one left open. `None` where it stands for itself, in a list of accounts for example.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Label {
    /// The title of a deal, or the name by which a list calls it.
    Deal(DealId),
    /// The account of a deal.
    Account {
        /// The account.
        id: i64,
        /// The deal shown.
        deal: Option<DealId>,
    },
    /// A contact of a deal.
    Contact {
        /// The contact.
        id: i64,
        /// The deal shown.
        deal: Option<DealId>,
    },
}

impl Label {
    fn deal(self) -> Option<DealId> {
        match self {
            Self::Deal(id) => Some(id),
            Self::Account { deal, .. } | Self::Contact { deal, .. } => deal,
        }
    }
}

/// What is hidden at present, and the only place where hidden text becomes characters.
#[derive(Clone, Debug)]
pub struct Mask {
    level: Level,
    /// Whether the deal that is opened is left open by name.
    opens: bool,
    open_deal: Option<DealId>,
    labels: Labels,
    ascii: bool,
}

impl Mask {
    /// Makes a mask. `seed` is drawn anew for each session, so that nobody learns the labels.
    pub fn new(level: Level, seed: u64) -> Self {
        Self {
            level,
            opens: false,
            open_deal: None,
            labels: Labels::new(seed),
            ascii: false,
        }
    }

    /// Makes a mask that hides nothing.
    pub fn off() -> Self {
        Self::new(Level::Open, 0)
    }

    /// Draws masks in plain ASCII, or not.
    #[must_use]
    pub fn with_ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }

    /// Leaves one deal open by name, or none: the one on the table.
    #[must_use]
    pub fn with_open_deal(self, deal: Option<DealId>) -> Self {
        Self {
            opens: deal.is_some(),
            open_deal: deal,
            ..self
        }
    }

    /// Returns how much is hidden.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns the deal left open by name at [`Level::Names`].
    pub fn open_deal(&self) -> Option<DealId> {
        self.open_deal
    }

    /// Hides one step more, as `m` does, and says whether there was one: amounts; names, but for
    /// `on_the_table`; all names. Never shows more than before.
    pub fn tighten(&mut self, on_the_table: Option<DealId>) -> bool {
        match (self.level, self.open_deal) {
            (Level::Open, _) => self.level = Level::Amounts,
            (Level::Amounts, _) => self.share(on_the_table),
            (Level::Names, _) if self.opens => {
                self.opens = false;
                self.open_deal = None;
            }
            (Level::Names, _) => return false,
        }
        true
    }

    /// Hides amounts and all names but that of the deal on the table: of the one opened last, and
    /// of each that is opened from now on.
    pub fn share(&mut self, on_the_table: Option<DealId>) {
        self.level = Level::Names;
        self.opens = true;
        self.open_deal = on_the_table;
    }

    /// Puts a deal on the table, as opening it does; a mask that hides all names goes on hiding
    /// them.
    pub fn turn_to(&mut self, deal: DealId) {
        if self.level == Level::Names && self.opens {
            self.open_deal = Some(deal);
        }
    }

    /// Sets the level in words, as `:unmask` and `:share` do. May show more than before.
    pub fn set(&mut self, level: Level, open_deal: Option<DealId>) {
        self.level = level;
        self.opens = open_deal.is_some();
        self.open_deal = open_deal;
    }

    /// Says whether amounts are hidden. Then totals, bars, scales, an order by amount and
    /// percentages that would tell an amount are hidden or off as well.
    pub fn hides_amounts(&self) -> bool {
        self.level >= Level::Amounts
    }

    /// Says whether names are hidden, but for the deal left open.
    pub fn hides_names(&self) -> bool {
        self.level >= Level::Names
    }

    /// Says whether the names around a deal are hidden; without a deal, whether any are.
    pub fn hides_names_of(&self, deal: Option<DealId>) -> bool {
        self.hides_names() && (deal.is_none() || deal != self.open_deal)
    }

    /// Returns what the header says, or nothing where nothing is hidden.
    pub fn header(&self) -> Option<&'static str> {
        match (self.level, self.open_deal) {
            (Level::Open, _) => None,
            (Level::Amounts, _) => Some("MASKED amounts"),
            (Level::Names, Some(_)) => Some("MASKED amounts, all names but this one"),
            (Level::Names, None) if self.opens => Some("MASKED amounts, all names until opened"),
            (Level::Names, None) => Some("MASKED amounts and names"),
        }
    }

    /// Returns what stands for a hidden figure that is no [`Money`]: the same for every size.
    pub fn figure(&self) -> &'static str {
        if self.ascii { MASKED_ASCII } else { MASKED }
    }

    /// Returns a name, or the label that stands for it in this session (`Deal K`).
    pub fn name<'n>(&self, name: &'n Name, label: Label) -> Cow<'n, str> {
        if self.hides_names_of(label.deal()) {
            Cow::Owned(self.label(label))
        } else {
            Cow::Borrowed(&name.0)
        }
    }

    /// Returns the label that stands for something in this session, hidden or not.
    pub fn label(&self, label: Label) -> String {
        match label {
            Label::Deal(id) => format!("Deal {}", self.labels.deal(id.0)),
            Label::Account { id, .. } => format!("Account {}", self.labels.account(id)),
            Label::Contact { id, .. } => format!("Contact {}", self.labels.contact(id)),
        }
    }

    /// Returns free text: as it is, with its numbers masked, or masked whole. `deal` is the deal
    /// that the text is about; on the deal left open only the numbers are masked.
    pub fn free<'f>(&self, text: &'f Free, deal: Option<DealId>) -> Cow<'f, str> {
        if text.is_empty() || !self.hides_amounts() {
            Cow::Borrowed(&text.0)
        } else if self.hides_names_of(deal) {
            Cow::Borrowed(self.figure())
        } else {
            mask_numbers(&text.0, self.figure())
        }
    }

    /// Returns what is put to them: a question of the bank as it is, since it tells nothing of the
    /// deal, and any other words like all free text.
    pub fn asked<'f>(
        &self,
        text: &'f Free,
        bank: Option<&Bank>,
        deal: Option<DealId>,
    ) -> Cow<'f, str> {
        if bank.is_some_and(|bank| bank.asks(&text.0)) {
            Cow::Borrowed(&text.0)
        } else {
            self.free(text, deal)
        }
    }

    /// Returns an amount as the locale writes it, or the mask.
    pub fn money(&self, money: Money, locale: &Locale) -> Cow<'static, str> {
        if self.hides_amounts() {
            Cow::Borrowed(self.figure())
        } else {
            Cow::Owned(locale.amount(money))
        }
    }

    /// Returns an amount in short form (`210k`), or the mask.
    pub fn money_short(&self, money: Money, locale: &Locale) -> Cow<'static, str> {
        if self.hides_amounts() {
            Cow::Borrowed(self.figure())
        } else {
            Cow::Owned(locale.short_amount(money))
        }
    }
}

impl Default for Mask {
    fn default() -> Self {
        Self::off()
    }
}

#[cfg(test)]
mod tests {
    use super::super::money::Currency;
    use super::super::signal::SignalId;
    use super::*;

    fn mask(level: Level) -> Mask {
        Mask::new(level, 7)
    }

    #[test]
    fn debug_prints_the_kind_only() {
        let shown = format!(
            "{:?} {:?}",
            Name::new("Northwind"),
            Free::new("they call 20m")
        );

        assert_eq!(shown, "Name Free");
    }

    #[test]
    fn nothing_is_hidden_without_a_mask() {
        let mask = Mask::off();

        assert_eq!(
            mask.name(&Name::new("Northwind"), Label::Deal(DealId(1))),
            "Northwind"
        );
        assert_eq!(
            mask.free(&Free::new("48,000 now"), Some(DealId(1))),
            "48,000 now"
        );
        assert_eq!(mask.header(), None);
    }

    #[test]
    fn level_one_hides_amounts_and_numbers() {
        let mask = mask(Level::Amounts);
        let money = Money::new(4_800_000, Currency::parse("EUR"));

        assert_eq!(mask.money(money, &Locale::default()), "•••••");
        assert_eq!(mask.money_short(money, &Locale::default()), "•••••");
        assert_eq!(mask.free(&Free::new("48,000 now"), None), "••••• now");
        assert_eq!(
            mask.name(&Name::new("Northwind"), Label::Deal(DealId(1))),
            "Northwind"
        );
        assert_eq!(mask.header(), Some("MASKED amounts"));
    }

    #[test]
    fn level_two_hides_names_behind_labels() {
        let mask = mask(Level::Names);
        let name = Name::new("Northwind");

        assert!(
            mask.name(&name, Label::Deal(DealId(1)))
                .starts_with("Deal ")
        );
        assert!(
            mask.name(
                &name,
                Label::Account {
                    id: 1,
                    deal: Some(DealId(1))
                }
            )
            .starts_with("Account ")
        );
        assert!(
            mask.name(&name, Label::Contact { id: 1, deal: None })
                .starts_with("Contact ")
        );
        assert_eq!(mask.free(&Free::new("will look"), Some(DealId(1))), "•••••");
        assert_eq!(mask.free(&Free::default(), Some(DealId(1))), "");
        assert_eq!(mask.header(), Some("MASKED amounts and names"));
    }

    #[test]
    fn a_question_of_the_bank_stays_under_every_mask_and_other_words_do_not() {
        let bank = Bank::default_bank();
        let mask = mask(Level::Names);
        let asked = |text: &str| {
            let text = Free::new(text);
            mask.asked(&text, Some(&bank), Some(DealId(1))).into_owned()
        };

        let question = &bank.questions()[0];
        assert_eq!(asked(&question.ask), question.ask);
        let signal = SignalId::OpenLong.to_say();
        assert_eq!(asked(signal), signal);
        assert_eq!(asked("Does Kim still want it?"), "•••••");
        assert_eq!(
            mask.asked(&Free::new(&question.ask), None, None),
            "•••••",
            "without a bank nothing is known to be its question"
        );
    }

    #[test]
    fn the_deal_on_the_table_is_open_by_name_only() {
        let mask = mask(Level::Names).with_open_deal(Some(DealId(3)));
        let name = Name::new("Northwind");

        assert_eq!(mask.name(&name, Label::Deal(DealId(3))), "Northwind");
        assert_eq!(
            mask.name(
                &name,
                Label::Account {
                    id: 9,
                    deal: Some(DealId(3))
                }
            ),
            "Northwind"
        );
        assert_ne!(
            mask.name(&name, Label::Account { id: 9, deal: None }),
            "Northwind"
        );
        assert_ne!(mask.name(&name, Label::Deal(DealId(4))), "Northwind");
        assert_eq!(
            mask.free(&Free::new("offer of 48k"), Some(DealId(3))),
            "offer of •••••"
        );
        assert_eq!(mask.money(Money::new(1, None), &Locale::default()), "•••••");
        assert_eq!(
            mask.header(),
            Some("MASKED amounts, all names but this one")
        );
    }

    #[test]
    fn the_key_only_hides_more() {
        let mut mask = Mask::off();
        let mut headers = Vec::new();
        while mask.tighten(Some(DealId(3))) {
            headers.push(mask.header());
        }

        let expected = [
            Some("MASKED amounts"),
            Some("MASKED amounts, all names but this one"),
            Some("MASKED amounts and names"),
        ];
        assert_eq!(headers, expected);
        assert!(!mask.tighten(Some(DealId(4))));
        mask.turn_to(DealId(4));
        assert_eq!(mask.open_deal(), None);
    }

    #[test]
    fn opening_another_deal_closes_the_one_before() {
        let mut mask = mask(Level::Names).with_open_deal(Some(DealId(3)));
        mask.turn_to(DealId(4));

        assert!(mask.hides_names_of(Some(DealId(3))));
        assert!(!mask.hides_names_of(Some(DealId(4))));
    }

    #[test]
    fn a_shared_screen_begins_without_a_deal_on_the_table() {
        let mut mask = Mask::off();
        mask.share(None);
        assert!(mask.hides_names_of(Some(DealId(3))));
        assert_eq!(
            mask.header(),
            Some("MASKED amounts, all names until opened")
        );

        mask.turn_to(DealId(3));
        assert!(!mask.hides_names_of(Some(DealId(3))));
        assert!(mask.hides_names_of(Some(DealId(4))));

        assert!(mask.tighten(Some(DealId(4))));
        assert!(mask.hides_names_of(Some(DealId(3))));
        assert!(!mask.tighten(Some(DealId(4))));
    }

    #[test]
    fn plain_ascii_has_a_mask_of_its_own() {
        let mask = mask(Level::Amounts).with_ascii(true);

        assert_eq!(mask.money(Money::new(1, None), &Locale::default()), "*****");
        assert_eq!(mask.free(&Free::new("7 d"), None), "***** d");
    }
}
