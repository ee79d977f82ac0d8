//! Headers that no list has, read by the words in them: `Abschluss geplant`, `Deal Size`,
//! `Ожидаемая сумма`. What is read so is named, and only where the cells agree.

use super::field::Field;
use super::lexicon::{Class, Classes, Found, before_end, classes, find, words};

/// Headers of a table that are looked at to know what it is.
const WIDE: usize = 100;
/// The rank of a price of one piece as an amount: behind all others.
pub(crate) const PIECE: usize = 100;
/// Bytes of a header; a longer text is none.
const LONG: usize = 120;

/// A meaning that the words of a header have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guess {
    pub(crate) field: Field,
    /// Of two headers for a field the smaller is the better one.
    pub(crate) rank: usize,
    /// It is in another language than English.
    pub(crate) is_local: bool,
    /// It is a status, of something that its header names and that may not be the deal.
    pub(crate) is_narrow: bool,
}

/// The words of a header, in small letters, and the classes of which they have one.
struct Said {
    words: Vec<String>,
    classes: Found,
}

impl Said {
    fn new(header: &str) -> Self {
        let words = if header.len() > LONG {
            Vec::new()
        } else {
            words(header)
        };
        let each: Vec<&str> = words.iter().map(String::as_str).collect();
        let classes = find(&each, &each.join(" "));
        Self { words, classes }
    }

    fn has(&self, class: Class) -> bool {
        self.classes.all().has(class)
    }

    /// Whether it has a word of something that is none of a deal, of what it is or where it stands.
    fn has_stranger(&self) -> bool {
        const OF_DEALS: [Class; 7] = [
            Class::Deal,
            Class::Status,
            Class::Stage,
            Class::Name,
            Class::Pipeline,
            Class::Account,
            Class::Selling,
        ];
        let of_deals = Classes::of(&OF_DEALS);
        let is_long = |word: &&String| word.chars().count() > 2;
        let mut long = self.words.iter().filter(is_long);
        long.any(|word| !classes(word).meets(of_deals))
    }

    /// Whether it is the id or the number of a deal, and of nothing else.
    fn is_id_of_deal(&self) -> bool {
        let is_id = |word: &str| classes(word).has(Class::Key);
        // A lead became the deal: its id is another one.
        let is_deal = |word: &str| !word.starts_with("lead") && classes(word).has(Class::Deal);
        match self.words.as_slice() {
            [one] => before_end(one, Class::Key).any(|deal| deal.len() > 3 && is_deal(deal)),
            words => {
                words.iter().any(|word| is_id(word))
                    && words.iter().any(|word| is_deal(word))
                    && words
                        .iter()
                        .all(|word| is_id(word) || is_deal(word) || word.len() < 3)
            }
        }
    }

    fn field(&self) -> Option<(Field, usize)> {
        let has = |class| self.has(class);
        if self.is_id_of_deal() {
            return Some((Field::ExternalId, 1));
        }
        // `Syndicate lead` is who leads it.
        if matches!(self.words.as_slice(), [_, .., last] if last == "lead") {
            return None;
        }
        if has(Class::Lost) && has(Class::Reason) {
            return Some((Field::LostReason, 0));
        }
        if has(Class::Line) {
            return Some((Field::LineAmount, self.words.len()));
        }
        if self.is_day_of_stage() {
            return Some((Field::StageChanged, self.words.len()));
        }
        let is_other = has(Class::Other) || has(Class::Piece) || has(Class::Reason);
        if is_other || self.words.len() > 8 {
            return None;
        }
        if has(Class::Next) && has(Class::Step) {
            let is_day = has(Class::Date);
            return Some(if is_day {
                (Field::NextStepDate, 0)
            } else {
                (Field::NextStep, 0)
            });
        }
        if has(Class::Last) && has(Class::Contacted) {
            return (!has(Class::By)).then_some((Field::LastActivity, 0));
        }
        if has(Class::By) && (has(Class::Created) || has(Class::Changed) || has(Class::Closed)) {
            return None;
        }
        if has(Class::Changed) {
            return (!has(Class::Stage) && !has(Class::Status)).then_some((Field::Updated, 0));
        }
        if has(Class::Chance) {
            return Some((Field::Probability, 0));
        }
        if has(Class::Currency) {
            // `Amount in company currency` is none; it is the amount where there is no other.
            let is_amount = has(Class::Amount) && self.words.iter().any(|word| word == "in");
            return Some(if is_amount {
                (Field::Amount, PIECE - 1)
            } else {
                (Field::Currency, 0)
            });
        }
        if has(Class::Sale) {
            return Some((Field::Amount, PIECE));
        }
        if has(Class::Amount) && !has(Class::Date) {
            let behind = [
                (Class::Expected, 1),
                (Class::Monthly, 5),
                (Class::Former, 10),
            ];
            let behind = behind.into_iter().filter(|(class, _)| has(*class));
            return Some((Field::Amount, behind.map(|(_, by)| by).sum()));
        }
        if let Some(day) = self.day() {
            return Some(day);
        }
        if has(Class::Owner) {
            return Some((Field::Owner, usize::from(has(Class::Account))));
        }
        let is_day = has(Class::Date) || has(Class::Last) || has(Class::Next);
        if is_day && !has(Class::Name) {
            return None;
        }
        [
            (Class::Pipeline, Field::Pipeline),
            (Class::Stage, Field::Stage),
            (Class::Status, Field::Status),
            (Class::Contact, Field::Contact),
            (Class::Account, Field::Account),
            (Class::Source, Field::LeadSource),
            (Class::Notes, Field::Notes),
            (Class::Product, Field::Product),
        ]
        .into_iter()
        .find(|(class, _)| has(*class))
        .map(|(_, field)| (field, self.words.len()))
        .or_else(|| {
            let (is_deal, is_name) = (has(Class::Deal), has(Class::Name));
            let rank = match (is_deal, is_name) {
                (true, true) => 0,
                (true, false) if self.words.len() <= 2 => 1,
                (false, true) if self.words.len() <= 2 => 2,
                (true | false, _) => return None,
            };
            Some((Field::Title, rank))
        })
    }

    /// Whether it is the day on which a deal came into the stage that it is in, and not into one
    /// that the header names.
    fn is_day_of_stage(&self) -> bool {
        const OF_DAY: [Class; 3] = [Class::Created, Class::Changed, Class::Begin];
        const BESIDE: [Class; 5] = [
            Class::Stage,
            Class::Date,
            Class::Last,
            Class::Deal,
            Class::Selling,
        ];
        let known = [Classes::of(&OF_DAY), Classes::of(&BESIDE)];
        let is_known = |word: &String| {
            let has = classes(word);
            word.chars().count() < 3 || known.iter().any(|known| has.meets(*known))
        };
        self.has(Class::Stage)
            && !self.has(Class::By)
            && OF_DAY.iter().any(|class| self.has(*class))
            && self.words.iter().all(is_known)
    }

    /// The day that a header is of.
    fn day(&self) -> Option<(Field, usize)> {
        let has = |class| self.has(class);
        if has(Class::Date) && has(Class::Won) {
            return Some((Field::WonTime, 0));
        }
        if has(Class::Date) && has(Class::Lost) {
            return Some((Field::LostTime, 0));
        }
        if has(Class::Close) || has(Class::Closed) {
            return Some(if has(Class::Actual) {
                (Field::Closed, 0)
            } else if has(Class::Expected) {
                (Field::ExpectedClose, 0)
            } else if has(Class::Closed) {
                (Field::Closed, 1)
            } else {
                (Field::CloseDate, 0)
            });
        }
        if has(Class::Signed) && (has(Class::Date) || has(Class::Expected)) {
            return Some((Field::ExpectedClose, 1));
        }
        if has(Class::Created) && !has(Class::Stage) {
            return Some((Field::Created, 0));
        }
        // `Expected date`, but not when it shall begin.
        let is_expected = has(Class::Expected) && has(Class::Date) && !has(Class::Begin);
        is_expected.then_some((Field::ExpectedClose, 2))
    }

    /// What a column of a table of activities holds.
    fn of_activity(&self) -> Option<(Field, usize)> {
        let has = |class| self.has(class);
        let is_id = self.words.iter().any(|word| word == "id" || word == "ids");
        if is_id {
            return has(Class::Deal).then_some((Field::DealId, 0));
        }
        if has(Class::By) && (has(Class::Created) || has(Class::Changed)) || has(Class::Changed) {
            return None;
        }
        if has(Class::Direction) {
            return Some((Field::Direction, 0));
        }
        if has(Class::Duration) {
            return Some((Field::Duration, 0));
        }
        if has(Class::Kind) {
            return Some((Field::DealType, self.words.len()));
        }
        let is_day = has(Class::Date);
        if has(Class::Due) {
            return Some((Field::Due, 0));
        }
        if has(Class::Done) {
            return Some(if is_day {
                (Field::Completed, 0)
            } else {
                (Field::IsClosed, 0)
            });
        }
        if has(Class::Created) {
            return Some((Field::Created, 0));
        }
        if has(Class::Owner) {
            return Some((Field::Owner, 0));
        }
        if is_day {
            return Some((Field::At, self.words.len()));
        }
        [
            (Class::Status, Field::Status),
            (Class::Contact, Field::Contact),
            (Class::Account, Field::Account),
            (Class::Deal, Field::DealName),
            (Class::Notes, Field::Notes),
            (Class::Name, Field::Subject),
            (Class::Activity, Field::Subject),
            (Class::Sender, Field::From),
            (Class::Recipient, Field::To),
        ]
        .into_iter()
        .find(|(class, _)| has(*class))
        .map(|(_, field)| (field, self.words.len()))
    }
}

fn guess_by(header: &str, read: impl Fn(&Said) -> Option<(Field, usize)>) -> Option<Guess> {
    let said = Said::new(header);
    let (field, rank) = read(&said)?;
    Some(Guess {
        field,
        rank,
        is_local: said.classes.has_local(),
        is_narrow: field == Field::Status && said.has_stranger(),
    })
}

/// Reads a header of activities by its words; none where they say nothing of one.
pub(crate) fn guess_of_activity(header: &str) -> Option<Guess> {
    guess_by(header, Said::of_activity)
}

/// Whether the words of a row's cells are those of a header of activities: when they were, with
/// whom, what they were about, and who began them, how long they took or what kind they are.
pub(crate) fn are_of_activities(headers: &[String]) -> bool {
    let headers = &headers[..headers.len().min(WIDE)];
    let of_deals: Vec<Field> = headers
        .iter()
        .filter_map(|header| Said::new(header).field())
        .map(|(field, _)| field)
        .collect();
    let is_deal = [
        Field::Amount,
        Field::Stage,
        Field::Probability,
        Field::ExpectedClose,
        Field::CloseDate,
    ];
    if is_deal.iter().any(|field| of_deals.contains(field)) {
        return false;
    }
    let fields: Vec<Field> = headers
        .iter()
        .filter_map(|header| guess_of_activity(header))
        .map(|guess| guess.field)
        .collect();
    let has = |any: &[Field]| any.iter().any(|field| fields.contains(field));
    let is_told = headers
        .iter()
        .any(|header| Said::new(header).has(Class::Activity));
    has(&[Field::At, Field::Due, Field::Completed])
        && has(&[
            Field::DealId,
            Field::DealName,
            Field::Account,
            Field::Contact,
            Field::From,
        ])
        && has(&[Field::Subject, Field::DealType])
        && (is_told || has(&[Field::Direction, Field::Duration, Field::From]))
}

/// Whether the amounts below a header are those of a month.
pub(crate) fn is_monthly(header: &str) -> bool {
    Said::new(header).has(Class::Monthly)
}

/// Whether a part of a header says something that is known.
pub(crate) fn is_word(part: &str) -> bool {
    Said::new(part).classes.all() != Classes::default()
}

/// Whether below a header stands how many pieces there are.
pub(crate) fn is_quantity(header: &str) -> bool {
    Said::new(header).has(Class::Quantity)
}

/// Whether below a header stands the price of one piece.
pub(crate) fn is_price(header: &str) -> bool {
    let said = Said::new(header);
    said.has(Class::Piece) || said.has(Class::Sale)
}

/// Whether a header says when something was left.
pub(crate) fn is_exit(header: &str) -> bool {
    let said = Said::new(header);
    said.has(Class::Exit) && said.has(Class::Date)
}

/// Whether a text says that somebody is a person and no organisation.
pub(crate) fn is_person(text: &str) -> bool {
    words(text)
        .iter()
        .any(|word| classes(word).has(Class::Contact))
}

/// Reads a header by its words; none where they say nothing of a deal.
pub(crate) fn guess(header: &str) -> Option<Guess> {
    guess_by(header, Said::field)
}

/// Whether the words of a row's cells are those of a header of deals: what a deal is or whose it
/// is, and two of what it is worth, where it stands and when it closes.
pub(crate) fn are_of_deals(headers: &[String]) -> bool {
    let headers = &headers[..headers.len().min(WIDE)];
    if headers
        .iter()
        .any(|header| header.starts_with(|c: char| c.is_ascii_digit()))
    {
        return false;
    }
    let fields: Vec<Field> = headers
        .iter()
        .filter_map(|header| guess(header))
        .map(|guess| guess.field)
        .collect();
    let has = |field| fields.contains(&field);
    let worth = has(Field::Amount);
    let stands = has(Field::Stage) || has(Field::Status);
    let closes = has(Field::ExpectedClose) || has(Field::CloseDate) || has(Field::Closed);
    let facts = [worth, stands, closes].iter().filter(|is| **is).count();
    (has(Field::Title) || has(Field::Account)) && facts >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_no_list_are_read_by_their_words() {
        for (header, field) in [
            ("Abschluss geplant", Some(Field::ExpectedClose)),
            ("Projected Close Date", Some(Field::ExpectedClose)),
            ("Exp. Closure", Some(Field::ExpectedClose)),
            ("Tahmini Kapanış Tarihi", Some(Field::ExpectedClose)),
            ("Предполагаемая дата закрытия", Some(Field::ExpectedClose)),
            ("预计成交日期", Some(Field::ExpectedClose)),
            ("Data chiusura prevista", Some(Field::ExpectedClose)),
            ("Actual Close", Some(Field::Closed)),
            ("Geschlossen am", Some(Field::Closed)),
            ("Avslutsdatum", Some(Field::CloseDate)),
            ("Date création", Some(Field::Created)),
            ("Created by", None),
            ("Deal Size", Some(Field::Amount)),
            ("Montant HT", Some(Field::Amount)),
            ("Ordervärde", Some(Field::Amount)),
            ("Сумма, руб.", Some(Field::Amount)),
            ("受注予定金額", Some(Field::Amount)),
            ("Weighted amount", None),
            ("Sales owner", Some(Field::Owner)),
            ("Satış Temsilcisi", Some(Field::Owner)),
            ("営業担当者", Some(Field::Owner)),
            ("Owner email", None),
            ("Linked Organization", Some(Field::Account)),
            ("Gekoppeld bedrijf (Primary)", Some(Field::Account)),
            ("Company IDs", None),
            ("Стадия сделки", Some(Field::Stage)),
            ("Last stage change", Some(Field::StageChanged)),
            ("Date entered stage", Some(Field::StageChanged)),
            ("Entered current stage on", Some(Field::StageChanged)),
            ("Stage start date", Some(Field::StageChanged)),
            ("Дата изменения стадии", Some(Field::StageChanged)),
            ("Date left stage", None),
            ("Date entered demo stage", None),
            ("Stage changed by", None),
            ("Total price", Some(Field::LineAmount)),
            ("NR_PRECO_TOTAL", Some(Field::LineAmount)),
            ("Positionssumme", Some(Field::LineAmount)),
            ("NR_PRECO_UNITARIO", None),
            ("Unit price", None),
            ("Sales price", Some(Field::Amount)),
            ("Amount in home currency", Some(Field::Amount)),
            ("final_mrr_usd", Some(Field::Amount)),
            ("list_price_mrr_usd", None),
            ("Expected date", Some(Field::ExpectedClose)),
            ("Planned start date", None),
            ("예상 마감일", Some(Field::ExpectedClose)),
            ("Opportunity State", Some(Field::Status)),
            ("Probability Of Winning", Some(Field::Probability)),
            ("Bid Currency", Some(Field::Currency)),
            ("Nazwa szansy", Some(Field::Title)),
            ("Fırsat Adı", Some(Field::Title)),
            ("Absagegrund", Some(Field::LostReason)),
            ("Status Reason", None),
            ("Date of last contact", Some(Field::LastActivity)),
            ("Next action due date", Some(Field::NextStepDate)),
            ("Anzahl Angebote", None),
            ("Foo bar", None),
        ] {
            assert_eq!(guess(header).map(|guess| guess.field), field, "{header}");
        }
    }

    #[test]
    fn activities_are_known_by_their_words_and_are_no_deals() {
        let row = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();

        for header in [
            "Objet|Type|Date|Affaire|Société|Contact|Durée (min)|Sens|Statut|Propriétaire",
            "Asunto|Tipo|Fecha|Negocio|Empresa|Contacto|Duración|Dirección|Estado",
            "Тема|Тип|Дата|Сделка|Компания|Контакт|Длительность|Направление|Статус",
            "Date|From|To|Subject|Body",
        ] {
            assert!(are_of_activities(&row(header)), "{header}");
        }
        for header in [
            "Deal|Company|Status|Close date|Type",
            "Vorname|Nachname|Firma|Telefon",
        ] {
            assert!(!are_of_activities(&row(header)), "{header}");
        }
        assert_eq!(
            guess_of_activity("Zugeordnete Deal-IDs").map(|guess| guess.field),
            Some(Field::DealId)
        );
    }

    #[test]
    fn a_row_of_cells_is_no_header() {
        let row = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();

        assert!(are_of_deals(&row("Fırsat Adı|Müşteri|Tutar|Aşama")));
        assert!(are_of_deals(&row("商机名称|客户名称|预计金额|销售阶段")));
        assert!(!are_of_deals(&row("Vorname|Nachname|Firma|Telefon")));
        assert!(!are_of_deals(&row("Customer portal|Acme|48000|Closed Won")));
    }
}
