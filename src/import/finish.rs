//! What the cells of a row say only together: how a deal stands, since when, and who is meant.

use std::sync::Arc;

use super::crm::identity;
use super::deal::DealRow;
use super::entered;
use super::frame::{Frame, Loose, No};
use super::lookup::{Lookups, Stage, outcome};
use super::values::amounts::Amount;
use super::words::{Known, Status};
use crate::domain::phase::Phase;

impl Frame {
    /// Puts together what the cells say only together.
    pub(super) fn finish(
        &self,
        mut deal: Box<DealRow>,
        loose: &Loose,
        lookups: &Lookups,
        known: &mut Known,
    ) -> Result<Box<DealRow>, No> {
        deal.source = match &loose.source {
            Some(source) if self.is_own => Arc::from(source.as_str()),
            _ => Arc::clone(&self.source),
        };
        if deal.external_id.is_none() {
            deal.external_id.clone_from(&loose.url);
        }
        if self.is_own && deal.external_id.is_none() {
            deal.external_id = deal.public_id.map(|id| id.to_string());
        }
        if loose.is_person {
            let (name, id) = (deal.account.take(), deal.account_id.take());
            if deal.contact.is_none() && deal.contact_id.is_none() {
                (deal.contact, deal.contact_id) = (name, id);
            }
        }
        self.resolve(&mut deal, lookups);
        let stage = deal
            .stage
            .as_deref()
            .and_then(|id| lookups.stage(id))
            .cloned();
        let status = self.status(&deal, loose, stage.as_ref(), known);
        if loose.deleted {
            return Err(No::Skip("it is deleted in the CRM".to_owned()));
        }
        if status == Status::Removed && !self.is_own {
            return Err(No::Skip("its status says that it was removed".to_owned()));
        }
        if loose.archived && status == Status::Open {
            return Err(No::Skip("it is archived in the CRM".to_owned()));
        }
        deal.status = status;
        let says = [loose.won, loose.lost, loose.closed, loose.active];
        deal.status_assumed = status == Status::Open
            && loose.word.is_none()
            && says.iter().all(Option::is_none)
            && deal.stage.is_none();
        if let Some(stage) = stage {
            deal.probability = deal.probability.or(stage.probability);
            if !stage.label.is_empty() {
                deal.stage = Some(stage.label);
            }
        }
        let entered = loose.entered.iter();
        entered::take(
            &mut deal,
            entered.map(|(day, at)| (*day, self.headers[*at].as_str())),
            lookups,
        );
        match status {
            Status::Open | Status::Removed => {
                deal.expected_close = deal.expected_close.or(loose.close_date);
                if status == Status::Open {
                    deal.closed = None;
                }
            }
            Status::Won => deal.closed = loose.won_time.or(deal.closed).or(loose.close_date),
            Status::Lost => deal.closed = loose.lost_time.or(deal.closed).or(loose.close_date),
        }
        if let Some(minor) = loose.minor {
            deal.amount = Some(Amount {
                minor,
                currency: loose.currency.or(self.currency),
            });
        }
        let times = loose.times.or(self.times);
        if let (Some(amount), Some(times)) = (&mut deal.amount, times) {
            amount.minor = amount.minor.saturating_mul(times);
        }
        // Dynamics has one column for why a deal is lost and for how it stands otherwise: whatever
        // it says of a deal that is said to be open is no reason.
        let is_standing = deal
            .lost_reason
            .as_deref()
            .is_some_and(|reason| self.words.exact(reason) == Some(status));
        let is_said_open = loose.word == Some(Status::Open) && !self.is_own;
        if status != Status::Lost && (is_standing || is_said_open) {
            deal.lost_reason = None;
        }
        if status == Status::Lost && deal.amount.is_some_and(|amount| amount.minor == 0) {
            deal.amount = None;
        }
        let by_words = deal.stage.as_deref().and_then(|stage| known.phase(stage));
        // `Not Won` is no end where the deal is open.
        let is_end = |phase: &Phase| matches!(phase, Phase::Won | Phase::Lost);
        let by_words = by_words.filter(|phase| status != Status::Open || !is_end(phase));
        // A closed deal's chance says nothing.
        let chance = deal.probability.filter(|_| status == Status::Open);
        deal.phase = by_words.or_else(|| chance.and_then(Phase::from_probability));
        name(&mut deal)?;
        Ok(deal)
    }

    /// Names for ids.
    fn resolve(&self, deal: &mut DealRow, lookups: &Lookups) {
        if let Some(id) = &deal.external_id {
            let id = identity(&self.source, id);
            if deal.account_id.is_none() {
                deal.account_id = lookups.deal_account(id).map(ToOwned::to_owned);
            }
            if deal.contact_id.is_none() {
                deal.contact_id = lookups.deal_contact(id).map(ToOwned::to_owned);
            }
        }
        if let (None, Some(id)) = (&deal.account, &deal.account_id) {
            deal.account = lookups
                .account(identity(&self.source, id))
                .map(ToOwned::to_owned);
        }
        if let (None, Some(id)) = (&deal.contact, &deal.contact_id) {
            deal.contact = lookups
                .contact(identity(&self.source, id))
                .map(ToOwned::to_owned);
        }
        if let Some(owner) = deal.owner.as_ref().filter(|_| lookups.has_users()) {
            let id = owner.to_lowercase();
            let name = lookups.user(owner).or_else(|| lookups.user(&id));
            if let Some(name) = name.map(ToOwned::to_owned) {
                deal.owner = Some(name);
            }
        }
        if let (None, Some(id)) = (&deal.owner, &deal.owner_id) {
            let name = lookups.user(identity(&self.source, id));
            deal.owner = Some(name.unwrap_or(id).to_owned());
        }
        if let Some(label) = deal.pipeline.as_deref().and_then(|id| lookups.pipeline(id)) {
            deal.pipeline = Some(label.to_owned());
        }
    }

    /// Status before flags before stage; what a CRM calls closed is won or lost.
    fn status(
        &self,
        deal: &DealRow,
        loose: &Loose,
        stage: Option<&Stage>,
        known: &mut Known,
    ) -> Status {
        if let Some(status) = loose.word {
            return status;
        }
        if let Some(status) = outcome(loose.won, loose.lost, loose.closed) {
            return status;
        }
        let by_stage = stage
            .and_then(|stage| stage.status)
            .or_else(|| stage.and_then(|stage| known.status(&self.words, &stage.label)))
            .or_else(|| {
                deal.stage
                    .as_deref()
                    .and_then(|s| known.status(&self.words, s))
            });
        // A stage that is called new or active is no proof against what follows.
        if let Some(status) = by_stage.filter(|status| *status != Status::Open) {
            return status;
        }
        if loose.won_time.is_some() {
            return Status::Won;
        }
        let is_full = deal.probability.is_some_and(|chance| chance >= 100.0);
        if loose.closed == Some(true) {
            return if is_full { Status::Won } else { Status::Lost };
        }
        if loose.lost_time.is_some() || loose.active == Some(false) {
            return Status::Lost;
        }
        Status::Open
    }
}

/// Gives a deal without a title one, or refuses a row that names nothing.
fn name(deal: &mut DealRow) -> Result<(), No> {
    if !deal.title.is_empty() {
        return Ok(());
    }
    let stand_in = [
        (&deal.product, "product"),
        (&deal.account, "account"),
        (&deal.external_id, "id"),
    ]
    .into_iter()
    .find_map(|(text, what)| text.clone().map(|text| (text, what)));
    let Some((text, what)) = stand_in else {
        let why = "it has neither a title nor a product, an account or an id";
        return Err(No::Refuse(None, why.to_owned()));
    };
    deal.title = text;
    deal.title_assumed = Some(what);
    Ok(())
}
