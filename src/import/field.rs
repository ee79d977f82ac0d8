//! The fields that a column of a CRM's file can mean.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The CRM's id of the record.
    ExternalId,
    /// A link to the record, with its id in it.
    Url,
    /// Our own integer id (own export only).
    PublicId,
    /// Which CRM the record came from (own export only).
    Source,
    /// The id of the CRM's portal or organisation.
    Portal,
    /// The name of the deal, or of a record of a lookup table.
    Title,
    /// The account's name.
    Account,
    /// The account's id.
    AccountId,
    /// The contact's name.
    Contact,
    /// The contact's id.
    ContactId,
    /// Whether the party that a deal is with is a person or an organisation.
    PartyType,
    /// The owner's name.
    Owner,
    /// The owner's id.
    OwnerId,
    /// The amount in units of its currency.
    Amount,
    /// The amount in minor units (own JSON only).
    AmountMinor,
    /// The amount of one of the deal's lines, where each has a row.
    LineAmount,
    /// The amount as the CRM shows it: proves whether the amount is in cents.
    AmountText,
    /// How often the amount is due: once, monthly, annual.
    AmountPeriod,
    /// The currency of the amount.
    Currency,
    /// The stage, or its id.
    Stage,
    /// The pipeline, or its id.
    Pipeline,
    /// Open, won, lost.
    Status,
    /// Won: yes or no.
    IsWon,
    /// Lost: yes or no.
    IsLost,
    /// Won or lost: yes or no.
    IsClosed,
    /// Whether an activity is one of a calendar and no task.
    IsEvent,
    /// Deleted in the CRM: yes or no.
    Deleted,
    /// Put away in the CRM: yes or no.
    Archived,
    /// Ids of other records that were merged into this one.
    Merged,
    /// The opposite of archived; an open deal that is not active is lost (Odoo).
    Active,
    /// Chance to win as the CRM states it.
    Probability,
    /// The day on which the deal was made.
    Created,
    /// The day on which it shall be won.
    ExpectedClose,
    /// The day on which it was won or lost.
    Closed,
    /// Expected for an open deal, actual for a closed one.
    CloseDate,
    /// The day on which it was won.
    WonTime,
    /// The day on which it was lost.
    LostTime,
    /// Why it was lost.
    LostReason,
    /// The CRM's own "last activity".
    LastActivity,
    /// The day of the last change.
    Updated,
    /// The day of the last move between stages.
    StageChanged,
    /// The day of which a row tells, where a file has pictures of several days.
    AsOf,
    /// What is to be done next.
    NextStep,
    /// When it is to be done.
    NextStepDate,
    /// Where the lead came from.
    LeadSource,
    /// What is sold.
    Product,
    /// Free text.
    Notes,
    /// New business, renewal, ...
    DealType,
    /// First name (lookup tables).
    FirstName,
    /// Last name (lookup tables).
    LastName,
    /// Mail address (lookup tables).
    Email,
    /// The id of the deal that a row belongs to, or several of them (not in files of deals).
    DealId,
    /// The name of the deal that a row belongs to.
    DealName,
    /// What kind of record a row belongs to, where it can be several.
    ParentType,
    /// The id of the activity that a link belongs to.
    ActivityId,
    /// What an activity is about.
    Subject,
    /// A second word for the kind of an activity.
    Category,
    /// What came of a call or a meeting.
    Outcome,
    /// Who began a contact: inbound or outbound.
    Direction,
    /// Whether a mail came in: yes or no.
    Incoming,
    /// Who wrote a mail.
    From,
    /// To whom a mail went.
    To,
    /// When something happened.
    At,
    /// When it ended.
    End,
    /// When a task is due.
    Due,
    /// The time of day of that, where it is a column of its own.
    DueTime,
    /// When a task was done.
    Completed,
    /// How long it took, in minutes.
    Minutes,
    /// How long it took, in hours.
    Hours,
    /// How long it took, in seconds.
    Seconds,
    /// How long it took, in milliseconds.
    Milliseconds,
    /// How long it took, as minutes and seconds.
    TalkTime,
    /// How long it took, with its unit in the cell or in the header.
    Duration,
    /// The document that was sent.
    Document,
    /// Which field a row of history is about.
    FieldName,
    /// What it was.
    OldValue,
    /// What it became.
    NewValue,
    /// The stage before.
    OldStage,
    /// When a deal came into the stage that the header names.
    StageEntered,
    /// What a contact is in a deal.
    Role,
    /// A contact's position.
    JobTitle,
    /// Known and not read.
    Ignore,
}

/// How the cells of a field are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Text that may be long and have lines.
    Free,
    /// An id: text, never a number.
    Id,
    /// A day.
    Day,
    /// An amount of money.
    Amount,
    /// Percent.
    Percent,
    /// Yes or no.
    Flag,
    /// Not read.
    Nothing,
}

/// Each field with the word for it in `--map`, in the CRM files and in reports.
const NAMES: &[(Field, &str)] = &[
    (Field::ExternalId, "external_id"),
    (Field::Url, "url"),
    (Field::PublicId, "id"),
    (Field::Source, "source"),
    (Field::Portal, "portal"),
    (Field::Title, "title"),
    (Field::Account, "account"),
    (Field::AccountId, "account_id"),
    (Field::Contact, "contact"),
    (Field::ContactId, "contact_id"),
    (Field::PartyType, "party_type"),
    (Field::Owner, "owner"),
    (Field::OwnerId, "owner_id"),
    (Field::Amount, "amount"),
    (Field::AmountMinor, "amount_minor"),
    (Field::LineAmount, "line_amount"),
    (Field::AmountText, "amount_text"),
    (Field::AmountPeriod, "amount_period"),
    (Field::Currency, "currency"),
    (Field::Stage, "stage"),
    (Field::Pipeline, "pipeline"),
    (Field::Status, "status"),
    (Field::IsWon, "is_won"),
    (Field::IsLost, "is_lost"),
    (Field::IsClosed, "is_closed"),
    (Field::IsEvent, "is_event"),
    (Field::Deleted, "deleted"),
    (Field::Archived, "archived"),
    (Field::Merged, "merged"),
    (Field::Active, "active"),
    (Field::Probability, "probability"),
    (Field::Created, "created"),
    (Field::ExpectedClose, "expected_close"),
    (Field::Closed, "closed"),
    (Field::CloseDate, "close_date"),
    (Field::WonTime, "won_time"),
    (Field::LostTime, "lost_time"),
    (Field::LostReason, "lost_reason"),
    (Field::LastActivity, "last_activity"),
    (Field::Updated, "updated"),
    (Field::StageChanged, "stage_changed"),
    (Field::AsOf, "as_of"),
    (Field::NextStep, "next_step"),
    (Field::NextStepDate, "next_step_date"),
    (Field::LeadSource, "lead_source"),
    (Field::Product, "product"),
    (Field::Notes, "notes"),
    (Field::DealType, "type"),
    (Field::FirstName, "first_name"),
    (Field::LastName, "last_name"),
    (Field::Email, "email"),
    (Field::DealId, "deal_id"),
    (Field::DealName, "deal_name"),
    (Field::ParentType, "parent_type"),
    (Field::ActivityId, "activity_id"),
    (Field::Subject, "subject"),
    (Field::Category, "category"),
    (Field::Outcome, "outcome"),
    (Field::Direction, "direction"),
    (Field::Incoming, "incoming"),
    (Field::From, "from"),
    (Field::To, "to"),
    (Field::At, "at"),
    (Field::End, "end"),
    (Field::Due, "due"),
    (Field::DueTime, "due_time"),
    (Field::Completed, "completed"),
    (Field::Minutes, "minutes"),
    (Field::Hours, "hours"),
    (Field::Seconds, "seconds"),
    (Field::Milliseconds, "milliseconds"),
    (Field::TalkTime, "talk_time"),
    (Field::Duration, "duration"),
    (Field::Document, "document"),
    (Field::FieldName, "field_name"),
    (Field::OldValue, "old_value"),
    (Field::NewValue, "new_value"),
    (Field::OldStage, "old_stage"),
    (Field::StageEntered, "stage_entered"),
    (Field::Role, "role"),
    (Field::JobTitle, "job_title"),
    (Field::Ignore, "ignore"),
];

impl Field {
    /// Returns the field of a word, or none.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim();
        NAMES
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word))
            .map(|(field, _)| *field)
    }

    /// Returns the word of the field.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(field, _)| *field == self)
            .map(|(_, name)| *name)
            .expect("every field is in the table, see the test")
    }

    /// The field that says the same where a file has no column for this one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others have none")]
    pub(crate) fn beside(self) -> Option<Self> {
        match self {
            Self::ExpectedClose | Self::Closed => Some(Self::CloseDate),
            Self::Account => Some(Self::AccountId),
            Self::Contact => Some(Self::ContactId),
            Self::Owner => Some(Self::OwnerId),
            Self::Status => Some(Self::Stage),
            Self::ExternalId => Some(Self::Url),
            _ => None,
        }
    }

    /// Iterates over the fields that a person may give to a column.
    pub fn choices() -> impl Iterator<Item = Self> {
        NAMES
            .iter()
            .map(|(field, _)| *field)
            .filter(|field| *field != Self::Ignore)
    }

    /// Returns its word as one reads it: `expected close`.
    pub fn words(self) -> String {
        self.name().replace('_', " ")
    }

    /// Returns how its cells are read.
    pub fn kind(self) -> Kind {
        match self {
            Self::ExternalId
            | Self::Url
            | Self::PublicId
            | Self::Portal
            | Self::Merged
            | Self::AccountId
            | Self::ContactId
            | Self::OwnerId
            | Self::DealId
            | Self::ActivityId => Kind::Id,
            Self::Source
            | Self::Title
            | Self::Account
            | Self::Contact
            | Self::Owner
            | Self::PartyType
            | Self::AmountPeriod
            | Self::Currency
            | Self::Stage
            | Self::Pipeline
            | Self::Status
            | Self::LeadSource
            | Self::Product
            | Self::DealType
            | Self::FirstName
            | Self::LastName
            | Self::Email
            | Self::DealName
            | Self::ParentType
            | Self::Subject
            | Self::Category
            | Self::Outcome
            | Self::Direction
            | Self::From
            | Self::To
            | Self::DueTime
            | Self::Minutes
            | Self::Hours
            | Self::Seconds
            | Self::Milliseconds
            | Self::TalkTime
            | Self::Duration
            | Self::Document
            | Self::FieldName
            | Self::OldValue
            | Self::NewValue
            | Self::OldStage
            | Self::Role
            | Self::JobTitle => Kind::Line,
            Self::Amount | Self::LineAmount | Self::AmountMinor | Self::AmountText => Kind::Amount,
            Self::IsWon
            | Self::IsLost
            | Self::IsClosed
            | Self::IsEvent
            | Self::Deleted
            | Self::Archived
            | Self::Active
            | Self::Incoming => Kind::Flag,
            Self::Probability => Kind::Percent,
            Self::Created
            | Self::ExpectedClose
            | Self::Closed
            | Self::CloseDate
            | Self::WonTime
            | Self::LostTime
            | Self::LastActivity
            | Self::Updated
            | Self::StageChanged
            | Self::AsOf
            | Self::NextStepDate
            | Self::At
            | Self::End
            | Self::Due
            | Self::Completed
            | Self::StageEntered => Kind::Day,
            Self::LostReason | Self::NextStep | Self::Notes => Kind::Free,
            Self::Ignore => Kind::Nothing,
        }
    }
}

/// Returns the words of all fields, for a hint.
pub fn names() -> String {
    NAMES
        .iter()
        .map(|(_, name)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_the_word_of_one_field() {
        for (field, name) in NAMES {
            assert_eq!(Field::parse(name), Some(*field));
            assert_eq!(field.name(), *name);
        }
    }
}
