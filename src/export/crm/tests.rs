use super::*;

fn choices(columns: &[(Told, &str)]) -> Choices {
    let columns = columns
        .iter()
        .map(|(told, name)| (*told, (*name).to_owned()));
    Choices {
        columns: columns.collect(),
        site: None,
    }
}

#[test]
fn columns_that_cannot_be_are_refused() {
    let all = Rules::load(&[]).unwrap();
    let rules = find(&all, "HubSpot").unwrap();

    for wrong in [
        vec![(Told::Fired, "")],
        vec![(Told::Fired, "Record ID")],
        vec![(Told::Fired, "=1")],
        vec![(Told::Fired, "a\nb")],
        vec![(Told::Fired, "Amount")],
        vec![(Told::Fired, "X"), (Told::Hold, "X")],
    ] {
        let error = check(&rules, &choices(&wrong));
        assert!(matches!(error, Err(CrmError::Column { .. })), "{wrong:?}");
    }
    for right in [
        (Told::Fired, "Walkaway fired"),
        (Told::Reasons, "Closed Lost Reason"),
        (Told::NextStep, "Next step"),
    ] {
        check(&rules, &choices(&[right])).unwrap();
    }
}

#[test]
fn choices_are_kept_for_each_source() {
    let now = "2026-11-23T09:00:00Z".parse().unwrap();
    let judge = crate::store::Judge::new(Vec::new(), crate::domain::verdict::Thresholds::default());
    let store = Store::in_memory(now, judge).unwrap();
    let mut chosen = choices(&[(Told::Fired, "F"), (Told::NextStep, "N")]);
    chosen.site = Some("acme.pipedrive.com".to_owned());

    remember(&store, "pipedrive", &chosen).unwrap();

    assert_eq!(remembered(&store, "pipedrive").unwrap(), chosen);
    assert_eq!(remembered(&store, "hubspot").unwrap(), Choices::default());
}
