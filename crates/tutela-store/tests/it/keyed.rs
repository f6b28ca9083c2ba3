//! Requests with a key are done once.

use tutela_core::{Sha256, TokenId};
use tutela_store::{KeyedAnswer, KeyedRequest};

use crate::places::Place;
use crate::things::time;

pub(crate) async fn a_request_with_a_key_is_done_once(place: Place) {
    let store = place.store;
    let (a, b) = (TokenId(uuid::Uuid::from_u128(1)), TokenId(uuid::Uuid::from_u128(2)));
    let (one, other) = (Sha256([1; 32]), Sha256([2; 32]));
    let begin = async |token, key, request, second| {
        store.begin_keyed((token, key), request, time(second), time(0)).await.unwrap()
    };
    assert_eq!(begin(a, "k", one, 1).await, KeyedRequest::New);
    assert_eq!(begin(a, "k", one, 2).await, KeyedRequest::Begun);
    assert_eq!(begin(a, "k", other, 2).await, KeyedRequest::Other);
    assert_eq!(begin(b, "k", one, 2).await, KeyedRequest::New, "keys are those of a token");
    let location = Some("/v1/banks/A".to_owned());
    let answer = KeyedAnswer { status: 201, location, body: "{\"a\": \"\\u0000 \0\"}".to_owned() };
    store.answer_keyed((a, "k"), &answer).await.unwrap();
    // What has an answer is not taken back.
    store.release_keyed((a, "k")).await.unwrap();
    assert_eq!(begin(a, "k", one, 3).await, KeyedRequest::Answered(answer));
    assert_eq!(begin(a, "k", other, 3).await, KeyedRequest::Other);
    store.release_keyed((b, "k")).await.unwrap();
    assert_eq!(begin(b, "k", other, 4).await, KeyedRequest::New);
    // After a day it is as if it had never been.
    let later = store.begin_keyed((a, "k"), other, time(10), time(2)).await.unwrap();
    assert_eq!(later, KeyedRequest::New);
    assert_eq!(store.forget_keyed(time(11)).await.unwrap(), 2);
}
