//! Certifying turnout: a station's next certificate, chained to the last one on the ledger, by registrar and observer together.

use crate::office::{Office, OfficeError};
use verifier_core::prove::SigningKey;
use verifier_core::rpc::StateQuery;
use verifier_core::{
    Action, CertifyTurnout, Height, Outcome, Request, TrackingCode, Transaction, state_key,
};

/// Why turnout was not certified.
#[derive(Debug, thiserror::Error)]
pub enum TurnoutError {
    #[error(transparent)]
    Office(#[from] OfficeError),
    #[error("{certified} people were certified at this station before: {asked} would be fewer")]
    Fewer { certified: u32, asked: u32 },
    #[error("the ledger's state knows certificates of this station, but the node shows none")]
    NoCertificate,
}

/// A certificate on the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certified {
    pub certificate: CertifyTurnout,
    pub code: TrackingCode,
    pub height: Height,
}

/// Certifies that so many people have checked in at a station so far, and waits until it is on the ledger.
pub fn certify(
    office: &Office,
    observer: &SigningKey,
    station: u16,
    checked_in: u32,
) -> Result<Certified, TurnoutError> {
    let last = last_certificate(office, station)?;
    let certified = last.as_ref().map_or(0, |last| last.certificate.checked_in);
    if checked_in < certified {
        let asked = checked_in;
        return Err(TurnoutError::Fewer { certified, asked });
    }
    let certificate = next(office, station, checked_in, last.as_ref());
    let action = Action::CertifyTurnout(certificate.clone());
    let transaction = office.signed(action, &[&office.registrar, observer]);
    let code = transaction.body.tracking_code();
    let what = format!("the certificate of station {station}");
    let before = office
        .node
        .status()
        .map_err(OfficeError::from)?
        .latest_height;
    office.send(&transaction, &what)?;
    let height = office.wait(code, before, &what)?;
    Ok(Certified {
        certificate,
        code,
        height,
    })
}

fn next(
    office: &Office,
    station: u16,
    checked_in: u32,
    last: Option<&Certified>,
) -> CertifyTurnout {
    CertifyTurnout {
        municipality: office.municipality,
        station,
        sequence: last.map_or(0, |last| last.certificate.sequence.saturating_add(1)),
        previous: last.map_or(TrackingCode([0; 32]), |last| last.code),
        checked_in,
    }
}

/// A station's last certificate on the ledger. Stations certify every hour, so that it is looked for from the last block back.
pub fn last_certificate(office: &Office, station: u16) -> Result<Option<Certified>, TurnoutError> {
    let latest = office
        .node
        .status()
        .map_err(OfficeError::from)?
        .latest_height;
    let request = Request::State {
        key: state_key::turnout(office.municipality, station),
        height: latest,
    };
    let known: StateQuery = office.node.ask(&request).map_err(OfficeError::from)?;
    if known.value.is_empty() {
        return Ok(None);
    }
    let opening = office.card.contract.opening;
    for height in (1..=latest).rev() {
        let block = office.block(height)?;
        let mut of_station = block
            .transactions
            .iter()
            .filter_map(|(transaction, outcome)| {
                let certificate = of_station(office, station, transaction)?;
                (*outcome == Outcome::Ok).then(|| Certified {
                    certificate: certificate.clone(),
                    code: transaction.body.tracking_code(),
                    height,
                })
            });
        if let Some(last) = of_station.next_back() {
            return Ok(Some(last));
        }
        if block.time < opening {
            break;
        }
    }
    Err(TurnoutError::NoCertificate)
}

fn of_station<'t>(
    office: &Office,
    station: u16,
    transaction: &'t Transaction,
) -> Option<&'t CertifyTurnout> {
    match &transaction.body.action {
        Action::CertifyTurnout(turnout) => {
            let own = turnout.municipality == office.municipality && turnout.station == station;
            own.then_some(turnout)
        }
        _ => None,
    }
}
