//! The ways in for a card: the camera, a photo, typing. Whatever is seen goes to the worker as it is; this module's memory holds none of it.

use super::Secrets;
use crate::services::camera::Camera;
use crate::state::CameraFault;
use gloo::timers::future::TimeoutFuture;
use gloo::utils::window;
use js_sys::Reflect;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement, HtmlVideoElement, ImageBitmap};

const BETWEEN_FRAMES_MS: u32 = 120;

/// What the camera comes to.
pub type Sight = Result<(), CameraFault>;

/// Shows the worker frame after frame while `on` holds, and the voter what the camera sees. The camera is off afterwards.
pub async fn look_through(secrets: Secrets, video: HtmlVideoElement, on: Rc<Cell<bool>>) -> Sight {
    let camera = Camera::open().await?;
    if !on.get() {
        return Ok(());
    }
    camera.show_in(&video);
    while on.get() {
        if secrets.with(|caster| !caster.is_looking()) == Some(true)
            && let Ok(frame) = frame(&video).await
        {
            secrets.with(|caster| caster.show(&frame));
        }
        TimeoutFuture::new(BETWEEN_FRAMES_MS).await;
    }
    video.set_src_object(None); // or the element would go on showing the last frame
    Ok(())
}

async fn frame(video: &HtmlVideoElement) -> Result<ImageBitmap, JsValue> {
    let frame = window().create_image_bitmap_with_html_video_element(video)?;
    JsFuture::from(frame).await?.dyn_into()
}

/// Shows the worker a picture file. Gives whether it is a picture.
pub async fn photo(secrets: &Secrets, file: &File) -> bool {
    let Ok(picture) = window().create_image_bitmap_with_blob(file) else {
        return false;
    };
    match JsFuture::from(picture).await.map(JsCast::dyn_into) {
        Ok(Ok(picture)) => secrets.show_once(&picture),
        _ => false,
    }
}

/// Gives the worker what was typed, and clears the field. Gives whether something was.
pub fn typed(secrets: &Secrets, field: &HtmlInputElement) -> bool {
    let text = Reflect::get(field, &"value".into()).unwrap_or_default();
    field.set_value("");
    let anything = text.dyn_ref::<js_sys::JsString>();
    if anything.is_none_or(|text| text.trim().length() == 0) {
        return false;
    }
    secrets.with(|caster| caster.read(&text));
    true
}
