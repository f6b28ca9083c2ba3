//! What people say of the making of some content.

use tutela_core::{CreationMode, ExhibitId, OperatorId, Sha256};
use tutela_ledger::acts;
use tutela_store::{Batch, CreationStatement, Operator};

use crate::places::Place;
use crate::things::{draft, exhibit, id, operator_id, time, with_scan};

pub(crate) async fn what_people_say_of_content_is_only_added_to(Place { store, .. }: Place) {
    let scan = with_scan(&store).await;
    let second = OperatorId(id(1, 2));
    let operator = Operator { id: second, name: "Max Muster".to_owned(), added_at: time(5) };
    store.add_operator(&operator, vec![]).await.unwrap();
    let batch = Batch { exhibits: vec![exhibit(1)], ..Batch::default() };
    store.commit_batch(scan, batch).await.unwrap();
    let sha256 = exhibit(1).digests.unwrap().sha256;
    let statement = |exhibit, operator, mode, at| CreationStatement {
        exhibit,
        sha256,
        mode,
        reason: "edges \0 do not fit".to_owned(),
        operator,
        stated_at: time(at),
    };
    let first = statement(exhibit(1).id, operator_id(), CreationMode::Synthetic, 7);
    let other = statement(exhibit(1).id, second, CreationMode::Swap, 6);
    for said in [&first, &other] {
        let custody = vec![draft(acts::EXHIBIT_CREATION_MODE_STATED)];
        store.state_creation_mode(said, custody).await.unwrap();
    }
    let all = [first, other];
    assert_eq!(
        store.creation_statements(sha256).await.unwrap(),
        all,
        "in the order they were said"
    );
    assert_eq!(store.creation_statements_of(scan).await.unwrap(), all);
    assert_eq!(store.creation_statements(Sha256([99; 32])).await.unwrap(), []);
    assert_eq!(store.ledger_size().await.unwrap(), 2);

    let unknown = statement(ExhibitId(id(3, 99)), operator_id(), CreationMode::None, 8);
    let custody = vec![draft(acts::EXHIBIT_CREATION_MODE_STATED)];
    assert!(store.state_creation_mode(&unknown, custody).await.is_err());
    assert_eq!(store.ledger_size().await.unwrap(), 2, "what is refused leaves no trace");
}
