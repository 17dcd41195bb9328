//! ABCI's wire: every message is protobuf behind its length, a varint.

use prost::Message;
use std::io::{self, ErrorKind, Read, Write};
use tendermint_proto::v0_38::abci::{Request, Response};

/// CometBFT sends and takes no message above 100 MiB.
const LIMIT: usize = 104_857_600;
/// How much is read at a time.
const CHUNK: usize = 256 * 1024;
/// A varint has at most ten bytes.
const LONGEST_VARINT: usize = 10;

/// The requests of one connection.
pub struct Requests<R> {
    stream: R,
    /// Read and not yet decoded, from `start` on.
    buffer: Vec<u8>,
    start: usize,
}

impl<R: Read> Requests<R> {
    /// Nothing read yet.
    pub fn new(stream: R) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
        }
    }

    /// Waits for requests and gives all that have arrived, at most `most`; none once the peer has closed the connection.
    pub fn wait(&mut self, most: usize) -> io::Result<Vec<Request>> {
        loop {
            let mut requests = Vec::new();
            while requests.len() < most
                && let Some(request) = self.arrived()?
            {
                requests.push(request);
            }
            if !requests.is_empty() || !self.read_more()? {
                return Ok(requests);
            }
        }
    }

    /// The next request, if it has arrived as a whole.
    fn arrived(&mut self) -> io::Result<Option<Request>> {
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let mut rest = unread;
        let Ok(length) = prost::decode_length_delimiter(&mut rest) else {
            return if unread.len() < LONGEST_VARINT {
                Ok(None)
            } else {
                Err(malformed("a length that is no varint"))
            };
        };
        if length > LIMIT {
            return Err(malformed("a message above 100 MiB"));
        }
        let Some(message) = rest.get(..length) else {
            return Ok(None);
        };
        let request = Request::decode(message).map_err(|e| malformed(&e.to_string()))?;
        self.start += unread.len() - rest.len() + length;
        Ok(Some(request))
    }

    /// Reads what is there. Says whether there was anything.
    fn read_more(&mut self) -> io::Result<bool> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let end = self.buffer.len();
        self.buffer.resize(end + CHUNK, 0);
        let read = match self.buffer.get_mut(end..) {
            Some(room) => self.stream.read(room),
            None => Ok(0),
        };
        self.buffer.truncate(end + *read.as_ref().unwrap_or(&0));
        match read {
            Ok(read) => Ok(read > 0),
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// Sends responses in their order, in one write.
pub fn send(stream: &mut impl Write, responses: &[Response]) -> io::Result<()> {
    let mut bytes = Vec::new();
    for response in responses {
        response
            .encode_length_delimited(&mut bytes)
            .map_err(|e| malformed(&e.to_string()))?;
    }
    stream.write_all(&bytes)?;
    stream.flush()
}

fn malformed(reason: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tendermint_proto::v0_38::abci::{RequestCheckTx, RequestFlush, request::Value};

    fn request(bytes: usize) -> Request {
        let check = RequestCheckTx {
            tx: vec![7; bytes].into(),
            r#type: 0,
        };
        Request {
            value: Some(Value::CheckTx(check)),
        }
    }

    /// Gives its bytes a few at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(room.len()).min(self.0.len());
            room[..most].copy_from_slice(&self.0[..most]);
            self.0 = &self.0[most..];
            Ok(most)
        }
    }

    #[test]
    fn requests_arrive_whole_however_the_bytes_do() {
        let flush = Request {
            value: Some(Value::Flush(RequestFlush {})),
        };
        let sent = [request(3), flush, request(300), request(100_000)];
        let bytes: Vec<u8> = sent
            .iter()
            .flat_map(Message::encode_length_delimited_to_vec)
            .collect();
        for step in [1, 2, 7, 4096, usize::MAX] {
            let mut requests = Requests::new(Slow(&bytes, step));
            let mut received = Vec::new();
            loop {
                let some = requests.wait(3).unwrap();
                assert!(some.len() <= 3);
                if some.is_empty() {
                    break;
                }
                received.extend(some);
            }
            assert_eq!(received, sent, "{step} bytes at a time");
        }
    }

    #[test]
    fn refuses_a_length_that_is_none_or_too_large() {
        for bytes in [&[0xff; 11][..], &[0xff, 0xff, 0xff, 0xff, 0x0f]] {
            assert!(Requests::new(bytes).wait(1).is_err());
        }
    }

    #[test]
    fn refuses_bytes_that_are_no_request() {
        assert!(Requests::new(&[2, 0xff, 0xff][..]).wait(1).is_err());
    }
}
