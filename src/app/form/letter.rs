//! The texts of a sheet that go to a prospect: written from a template with the deal's facts,
//! written anew when those change, and left alone once a person changed them.

use std::sync::Arc;

use super::field::{block, choice, text};
use super::sheets::Seed;
use super::{Field, FieldKey, Form, FormKind, FormLine, Input};
use crate::app::effect::Outgoing;
use crate::domain::message::{
    About, Fact, Language, Message, MessageFacts, MessageKind, Messages, Work,
};

/// The facts that a sheet asks for where they are blank; the others have fields of their own.
const ASKED: [Fact; 5] = [
    Fact::FirstName,
    Fact::Account,
    Fact::Deal,
    Fact::Work,
    Fact::Promised,
];

/// The fields that a message fills.
const TEXTS: [FieldKey; 3] = [FieldKey::Phone, FieldKey::Subject, FieldKey::Mail];

/// The label of the line that names what is still blank.
const BLANK: &str = "to fill in";

/// What the texts are written from.
#[derive(Clone, Debug)]
pub struct Letter {
    messages: Arc<Messages>,
    /// `None` where each deal gets its own text, or a mask hides what stands in it.
    about: Option<About>,
    me: String,
    /// What can be picked; `None` is what fits each deal.
    kinds: Vec<Option<MessageKind>>,
    languages: Vec<String>,
}

impl Letter {
    /// Returns the mail address of whom it goes to.
    pub fn email(&self) -> Option<&str> {
        self.about.as_ref()?.email.as_deref()
    }

    /// Returns what the record tells of whom it goes to.
    fn is_silent(&self) -> bool {
        self.about.as_ref().is_some_and(|about| about.is_silent)
    }
}

impl Form {
    /// Adds the fields of a message: which, in which language, what is blank in it, and its texts.
    pub(super) fn letter(&mut self, seed: &Seed<'_>, kinds: &[MessageKind], picked: MessageKind) {
        let single = seed.detail.filter(|_| seed.deals.len() == 1);
        let about = single.filter(|_| !seed.mask.hides_amounts()).map(About::of);
        let mut all: Vec<Option<MessageKind>> = kinds.iter().copied().map(Some).collect();
        if single.is_none() {
            all.insert(0, None);
        }
        let wanted = single.map(|_| picked);
        let at = all.iter().position(|kind| *kind == wanted).unwrap_or(0);
        let titles: Vec<&str> = all
            .iter()
            .map(|kind| kind.map_or("as it fits", MessageKind::title))
            .collect();
        self.fields
            .push(choice(FieldKey::Note, "message", &titles, at));
        let languages: Vec<String> = seed
            .messages
            .languages()
            .map(|language| language.code().to_owned())
            .collect();
        let names: Vec<&str> = seed.messages.languages().map(Language::name).collect();
        let preferred = seed.messages.preferred();
        let at = languages.iter().position(|code| code == preferred);
        let mut language = choice(FieldKey::Language, "language", &names, at.unwrap_or(0));
        language.hidden = languages.len() < 2;
        self.fields.push(language);
        for fact in ASKED {
            let mut field = text(FieldKey::Fact(fact), fact.title(), "").private();
            field.hidden = true;
            self.fields.push(field);
        }
        let own = match (&about, single) {
            (Some(_), _) => "none",
            (None, Some(_)) => "written when it is fired, hidden now",
            (None, None) => "each deal's own",
        };
        self.fields.push(
            block(FieldKey::Phone, "say on the phone", "")
                .hint(own)
                .private(),
        );
        self.fields
            .push(text(FieldKey::Subject, "subject", "").hint(own).private());
        self.fields
            .push(block(FieldKey::Mail, "the mail", "").hint(own).private());
        self.follows.letter = Some(Letter {
            messages: Arc::clone(seed.messages),
            about,
            me: seed.who.to_owned(),
            kinds: all,
            languages,
        });
    }

    /// Returns the mail as it stands in the sheet; `None` where there is none.
    pub fn outgoing(&self) -> Option<Outgoing> {
        let letter = self.follows.letter.as_ref()?;
        let about = letter.about.as_ref();
        let name = about.and_then(|about| about.account.clone().or_else(|| about.deal.clone()));
        let words = |key| self.words_of(key).unwrap_or_default();
        let outgoing = Outgoing {
            name: name.unwrap_or_default(),
            to: letter.email().map(str::to_owned),
            subject: words(FieldKey::Subject),
            body: words(FieldKey::Mail),
            phone: words(FieldKey::Phone),
        };
        let is_empty = outgoing.body.is_empty() && outgoing.phone.is_empty();
        (!is_empty).then_some(outgoing)
    }

    /// Picks a message, where the form is filled in or as soon as it is.
    pub fn pick_message(&mut self, kind: MessageKind) {
        self.wanted = Some(kind);
        let kinds = self.follows.letter.iter().flat_map(|letter| &letter.kinds);
        let at = kinds.into_iter().position(|other| *other == Some(kind));
        let field = self.fields.iter_mut().find(|f| f.key == FieldKey::Note);
        if let (Some(at), Some(field)) = (at, field)
            && let Input::Choice { picked, .. } = &mut field.input
        {
            *picked = at;
            self.follow_letter();
        }
    }

    /// Returns the message that is picked; `None` is what fits each deal.
    pub fn message_kind(&self) -> Option<MessageKind> {
        let letter = self.follows.letter.as_ref()?;
        letter
            .kinds
            .get(self.picked(FieldKey::Note))
            .copied()
            .flatten()
    }

    /// Returns the language that is picked.
    pub(super) fn note_language(&self) -> Option<String> {
        let letter = self.follows.letter.as_ref()?;
        letter
            .languages
            .get(self.picked(FieldKey::Language))
            .cloned()
    }

    /// Returns a text as it was decided on: `None` leaves it to each deal.
    pub(super) fn note_text(&self, key: FieldKey) -> Option<String> {
        let field = self.field(key)?;
        let is_own = self
            .follows
            .letter
            .as_ref()
            .is_none_or(|letter| letter.about.is_none());
        if is_own && field.is_untouched() {
            return None;
        }
        Some(field.words().unwrap_or_default())
    }

    /// Writes the texts anew where something that they tell has changed.
    pub(super) fn follow_letter(&mut self) {
        let Some(letter) = self.follows.letter.clone() else {
            return;
        };
        if self.kind == FormKind::Fire {
            self.follow_disposition(&letter);
        }
        let Some(message) = self.written(&letter) else {
            return;
        };
        let texts = [&message.phone, &message.subject, &message.body];
        let blanks = self.markers(&letter);
        for (key, text) in TEXTS.into_iter().zip(texts) {
            let known = |fact: Fact| self.fact(fact);
            let filled: Vec<(String, String)> = blanks
                .iter()
                .filter_map(|(fact, marker)| Some((marker.clone(), known(*fact)?)))
                .collect();
            let Some(field) = self.fields.iter_mut().find(|field| field.key == key) else {
                continue;
            };
            if field.is_untouched() {
                field.refill(text);
            } else {
                // What a person wrote stays; a blank in it is filled all the same.
                let old = field.text();
                let new = filled.iter().fold(old.clone(), |text, (blank, value)| {
                    text.replace(blank, value)
                });
                if new != old {
                    field.replace(&new);
                }
            }
        }
        let open = self.blanks();
        for field in &mut self.fields {
            if let FieldKey::Fact(fact) = field.key {
                let is_open = open.iter().any(|(other, _)| *other == fact);
                field.hidden = !is_open && field.words().is_none();
            }
        }
        self.lines.retain(|line| line.label != BLANK);
        if !open.is_empty() {
            let markers: Vec<&str> = open.iter().map(|(_, marker)| marker.as_str()).collect();
            self.lines.push(FormLine {
                label: BLANK.to_owned(),
                text: markers.join("  "),
                warn: true,
            });
        }
    }

    /// Returns the blanks that stand in the texts: the fact and what marks it.
    pub fn blanks(&self) -> Vec<(Fact, String)> {
        let Some(letter) = &self.follows.letter else {
            return Vec::new();
        };
        let texts: Vec<String> = TEXTS
            .into_iter()
            .filter_map(|key| self.field(key).map(Field::text))
            .collect();
        let mut markers = self.markers(letter);
        markers.retain(|(_, marker)| {
            !marker.is_empty() && texts.iter().any(|text| text.contains(marker.as_str()))
        });
        markers
    }

    fn markers(&self, letter: &Letter) -> Vec<(Fact, String)> {
        let code = self.note_language().unwrap_or_default();
        let language = letter.messages.language(&code);
        Fact::ALL
            .into_iter()
            .map(|fact| (fact, language.blank(fact).to_owned()))
            .collect()
    }

    /// The message follows where they go, unless a person picked another.
    fn follow_disposition(&mut self, letter: &Letter) {
        let kind = MessageKind::farewell(self.disposition(), letter.is_silent());
        let at = letter.kinds.iter().position(|other| *other == Some(kind));
        let field = self.fields.iter_mut().find(|f| f.key == FieldKey::Note);
        if letter.about.is_some()
            && let (Some(at), Some(field)) = (at, field)
            && field.is_untouched()
            && let Input::Choice { picked, .. } = &mut field.input
        {
            *picked = at;
            field.filled = at.to_string();
        }
    }

    /// The words of a fact that was typed, or has a field of its own.
    fn fact(&self, fact: Fact) -> Option<String> {
        match fact {
            Fact::Whom => self.words_of(FieldKey::Whom),
            Fact::Until => None,
            Fact::FirstName
            | Fact::Account
            | Fact::Deal
            | Fact::Me
            | Fact::Work
            | Fact::Promised => self.field(FieldKey::Fact(fact))?.words(),
        }
    }

    fn written(&self, letter: &Letter) -> Option<Message> {
        let about = letter.about.as_ref()?;
        let kind = self.message_kind()?;
        let typed: Vec<Option<String>> = ASKED.map(|fact| self.fact(fact)).into();
        let [first_name, account, deal, work, promised] = typed.as_slice() else {
            return None;
        };
        let whom = self.words_of(FieldKey::Whom);
        let known = about.facts(&letter.me);
        let facts = MessageFacts {
            contact: first_name.as_deref().or(known.contact),
            account: account.as_deref().or(known.account),
            deal: deal.as_deref().or(known.deal),
            work: work.as_deref().map(Work::Words).or(known.work),
            promised: promised.as_deref().or(known.promised),
            whom: whom.as_deref(),
            until: self.day_of(FieldKey::Until),
            ..known
        };
        let code = self.note_language().unwrap_or_default();
        Some(letter.messages.write(kind, &code, &facts))
    }
}
