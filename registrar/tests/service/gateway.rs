//! The way to the SMS gateway: a real one would answer the same.

use super::support::gateway::Gateway;
use registrar::{Sms, SmsError};
use tokio::runtime::Runtime;

fn gateway() -> (Runtime, Gateway, Sms) {
    let runtime = Runtime::new().unwrap();
    let gateway = runtime.block_on(Gateway::start(Some("secret")));
    let sms = Sms::parse(&gateway.url, Some("secret".to_owned().into())).unwrap();
    (runtime, gateway, sms)
}

#[test]
fn a_text_arrives_with_the_token() {
    let (_runtime, gateway, sms) = gateway();
    sms.send("01012345678", "인증번호 123456").unwrap();
    let arrived = gateway.arrived();
    assert_eq!(arrived.len(), 1);
    assert_eq!(arrived[0].to, "01012345678");
    assert_eq!(arrived[0].text, "인증번호 123456");
}

#[test]
fn a_gateway_that_is_busy_is_asked_again_with_the_same_key() {
    let (_runtime, gateway, sms) = gateway();
    gateway.answer_with(&[503, 429]);
    sms.send("01012345678", "text").unwrap();
    let arrived = gateway.arrived();
    assert_eq!(arrived.len(), 3);
    assert!(
        arrived
            .iter()
            .all(|text| text.idempotency == arrived[0].idempotency)
    );
    sms.send("01012345678", "text").unwrap();
    assert_ne!(gateway.arrived()[3].idempotency, arrived[0].idempotency);
}

#[test]
fn a_refusal_is_final_and_patience_ends() {
    let (_runtime, gateway, sms) = gateway();
    gateway.answer_with(&[400]);
    let refused = sms.send("01012345678", "text");
    assert!(matches!(refused, Err(SmsError::Refused(400))));
    assert_eq!(gateway.arrived().len(), 1);
    gateway.answer_with(&[500, 500, 500]);
    let refused = sms.send("01012345678", "text");
    assert!(matches!(refused, Err(SmsError::Refused(500))));
    assert_eq!(gateway.arrived().len(), 4);
}

#[test]
fn another_token_and_a_gateway_that_is_not_there_are_errors() {
    let (runtime, gateway, _) = gateway();
    let stranger = Sms::parse(&gateway.url, None).unwrap();
    let refused = stranger.send("01012345678", "text");
    assert!(matches!(refused, Err(SmsError::Refused(401))));
    runtime.shutdown_background();
    let nowhere = Sms::parse("http://127.0.0.1:1/send", None).unwrap();
    let lost = nowhere.send("01012345678", "text");
    assert!(matches!(lost, Err(SmsError::Unreachable(_))));
    assert!(matches!(Sms::parse("sms", None), Err(SmsError::Url(_))));
}
