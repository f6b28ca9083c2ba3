//! Operators and cases.

use tutela_core::{CaseId, OperatorId};
use tutela_ledger::acts;
use tutela_store::{Operator, StoreError};

use crate::places::Place;
use crate::things::{draft, id, operator_id, time, with_operator};

pub(crate) async fn operators_and_cases_are_kept(Place { store, .. }: Place) {
    let second =
        Operator { id: OperatorId(id(1, 2)), name: "Max \0 Muster".to_owned(), added_at: time(5) };
    store.add_operator(&second, vec![draft(acts::OPERATOR_ADDED)]).await.unwrap();
    with_operator(&store).await;
    assert_eq!(store.operator(second.id).await.unwrap(), second);
    let names: Vec<String> = store.operators().await.unwrap().into_iter().map(|o| o.name).collect();
    assert_eq!(names, ["Jo Example", "Max \0 Muster"], "in the order they were entered");

    let case = CaseId(id(6, 1));
    store.create_case(case, "Example", time(7), vec![draft(acts::CASE_CREATED)]).await.unwrap();
    store.create_case(CaseId(id(6, 2)), "Other", time(6), vec![]).await.unwrap();
    assert_eq!(store.case(case).await.unwrap().closed_at, None);
    store.close_case(case, time(9), vec![draft(acts::CASE_CLOSED)]).await.unwrap();
    assert_eq!(store.case(case).await.unwrap().closed_at, Some(time(9)));
    let titles: Vec<String> = store.cases().await.unwrap().into_iter().map(|c| c.title).collect();
    assert_eq!(titles, ["Other", "Example"]);
    assert_eq!(store.ledger_size().await.unwrap(), 3);
}

pub(crate) async fn a_password_is_set_and_replaced(Place { store, .. }: Place) {
    with_operator(&store).await;
    assert_eq!(store.password(operator_id()).await.unwrap(), None);
    for text in ["first text", "second text"] {
        let set = vec![draft(acts::OPERATOR_PASSWORD_SET)];
        store.set_password(operator_id(), text, set).await.unwrap();
        assert_eq!(store.password(operator_id()).await.unwrap().as_deref(), Some(text));
    }
    assert_eq!(store.ledger_size().await.unwrap(), 2);
    let nobody = OperatorId(id(1, 99));
    let set = vec![draft(acts::OPERATOR_PASSWORD_SET)];
    let error = store.set_password(nobody, "text", set).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "operator", .. }), "{error:?}");
    assert!(store.password(nobody).await.is_err());
    assert_eq!(store.ledger_size().await.unwrap(), 2, "what is refused leaves no line");
}

pub(crate) async fn what_is_refused_leaves_no_trace(Place { store, .. }: Place) {
    with_operator(&store).await;
    let again = Operator { id: operator_id(), name: "Other".to_owned(), added_at: time(1) };
    let error = store.add_operator(&again, vec![draft(acts::OPERATOR_ADDED)]).await.unwrap_err();
    assert!(matches!(error, StoreError::Duplicate { what: "operator" }), "{error:?}");

    let case = CaseId(id(6, 1));
    let error = store.close_case(case, time(1), vec![draft(acts::CASE_CLOSED)]).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "case", .. }), "{error:?}");
    store.create_case(case, "Example", time(1), vec![]).await.unwrap();
    store.close_case(case, time(2), vec![]).await.unwrap();
    let error = store.close_case(case, time(3), vec![draft(acts::CASE_CLOSED)]).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongState { .. }), "{error:?}");
    assert_eq!(store.case(case).await.unwrap().closed_at, Some(time(2)));

    let error = store.operator(OperatorId(id(1, 99))).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "operator", .. }), "{error:?}");
    assert_eq!(
        store.ledger_size().await.unwrap(),
        0,
        "lines of refused acts are not in the ledger"
    );
}
