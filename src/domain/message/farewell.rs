//! The closing note with which a prospect was fired, on its way out.

use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Label, Mask, Name};

/// A closing note, ready for a person to send.
#[derive(Clone, Debug)]
pub struct Farewell {
    /// The deal.
    pub deal: DealId,
    /// What the deal is called.
    pub name: Name,
    /// The one recipient, where known.
    pub to: Option<Free>,
    /// The subject.
    pub subject: Free,
    /// The mail.
    pub body: Free,
    /// What to say on the phone instead.
    pub phone: Free,
}

impl Farewell {
    /// Puts what a mask leaves in place of what it says and of whom it goes to.
    pub fn hide(&mut self, mask: &Mask) {
        let deal = Some(self.deal);
        for text in [&mut self.subject, &mut self.body, &mut self.phone] {
            let shown = mask.free(text, deal).into_owned();
            *text = Free::new(shown);
        }
        let name = mask.name(&self.name, Label::Deal(self.deal)).into_owned();
        self.name = Name::new(name);
        self.to = None;
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        let texts = [&self.body, &self.phone];
        texts
            .iter()
            .all(|text| text.expose_for_storage().trim().is_empty())
    }
}
