//! The files go in as they are, with no column mapped by hand.

use walkaway::domain::phase::Phase;
use walkaway::domain::shown::Name;
use walkaway::domain::verdict::Thresholds;
use walkaway::import::{self, Options};
use walkaway::sample::Crm;
use walkaway::store::{Judge, Matches, Place, Stamp, Store};

use super::{sample, today};

fn stamp() -> Stamp {
    Stamp {
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        today: today(),
        who: "Ana Ruiz".into(),
        place: Place::Command,
        session: "one".into(),
    }
}

#[test]
fn the_deals_of_either_crm_go_in_and_say_what_the_sheet_says() {
    for crm in [Crm::Salesforce, Crm::Hubspot] {
        let sample = sample(crm, 1, 500);
        let folder = tempfile::tempdir().unwrap();
        let mut paths = Vec::new();
        for file in sample.files() {
            let path = folder.path().join(file.name);
            std::fs::write(&path, &file.text).unwrap();
            paths.push(path);
        }
        let store =
            Store::in_memory(stamp().at, Judge::new(Vec::new(), Thresholds::default())).unwrap();

        let export = import::open(&paths, &Options::default()).unwrap();
        let report = import::run(&store, &export, false, stamp(), &mut |_, _| {}).unwrap();

        assert_eq!(report.counts.refused, 0, "{:?}", report.counts);
        for truth in sample.truths() {
            let name = format!("{}:{}", crm.code(), truth.id);
            let Matches::One(id) = store.find(&name).unwrap() else {
                panic!("{name} is not there");
            };
            let rows = store.rows(&[id]).unwrap();
            let row = &rows[0];
            assert_eq!(row.title, Name::from(truth.title.as_str()), "{name}");
            let account = Some(Name::from(truth.account.as_str()));
            assert_eq!(row.account, account, "{name}");
            assert_eq!(row.owner.as_deref(), Some(truth.owner), "{name}");
            let phase = row.stage.as_deref().and_then(Phase::from_stage_words);
            assert_eq!(phase.map(Phase::code), Some(truth.phase), "{name}");
            let amount = row
                .amount
                .map(|a| (a.minor, a.currency.map(|c| c.to_string())));
            let expected = truth
                .amount
                .map(|(minor, code)| (minor, Some(code.to_owned())));
            assert_eq!(amount, expected, "{name}");
            assert_eq!(row.expected_close, Some(truth.expected_close), "{name}");
            assert_eq!(row.next_step.is_some(), truth.has_next_step, "{name}");
        }
    }
}
