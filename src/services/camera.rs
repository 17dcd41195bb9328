//! The camera, on while a receipt is being scanned and off as soon as the value that stands for it is dropped.

use super::picture;
use crate::state::CameraFault;
use gloo::timers::future::TimeoutFuture;
use gloo::utils::window;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

const BETWEEN_FRAMES_MS: u32 = 180;

/// A running camera.
#[derive(Debug, PartialEq)]
pub struct Camera {
    stream: MediaStream,
}

impl Camera {
    /// Asks the visitor for the camera at the back of the device.
    pub async fn open() -> Result<Self, CameraFault> {
        let devices = window()
            .navigator()
            .media_devices()
            .map_err(|_| CameraFault::NotOffered)?;
        if devices.is_undefined() {
            return Err(CameraFault::NotOffered);
        }
        let video = Object::new();
        Reflect::set(&video, &"facingMode".into(), &"environment".into()).ok();
        let constraints = MediaStreamConstraints::new();
        constraints.set_video(&video);
        let promise = devices
            .get_user_media_with_constraints(&constraints)
            .map_err(|_| CameraFault::NotOffered)?;
        let stream = JsFuture::from(promise)
            .await
            .map_err(|_| CameraFault::Refused)?;
        Ok(Self {
            stream: stream.unchecked_into(),
        })
    }

    /// Shows the camera's picture.
    pub fn show_in(&self, video: &HtmlVideoElement) {
        video.set_src_object(Some(&self.stream));
        drop(video.play());
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// Looks at frame after frame until one holds a QR code, or until `is_on` says that the camera was closed.
pub async fn scan(video: HtmlVideoElement, is_on: impl Fn() -> bool) -> Option<String> {
    while is_on() {
        if let Ok(text) = picture::read_frame(&video) {
            return Some(text);
        }
        TimeoutFuture::new(BETWEEN_FRAMES_MS).await;
    }
    None
}
