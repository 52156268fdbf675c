"""How much may be kept and for how long, and what is refused."""

from datetime import timedelta

from app.errors import AppError, NotFound, Unavailable

MIB = 1024 * 1024

IMAGE_BYTES = 10 * MIB
IMAGE_PIXELS = 50_000_000
"""Width by height, all frames of an animation together. Decoded, a pixel takes four bytes."""
THUMBNAIL_SIDE = 320
"""The longest side of a thumbnail, in pixels."""

SMALLEST_FOOTPRINT = 4096
"""What a file counts at least: a block of a disk. It also bounds how many there can be."""

FILES_PER_MESSAGE = 10
NAME_CHARACTERS = 200
CLIENT_ID_CHARACTERS = 64
PAGE = 100

UNATTACHED_FOR = timedelta(hours=24)
"""How long an upload waits for its message."""

ORPHANED_FOR = timedelta(days=7)
"""How old an object without a row must be before it is removed. Long enough for an operator to notice that the server
runs over another database than it should."""


class FileTooLarge(AppError):
    status = 413
    code = "file_too_large"
    detail = "The file is larger than this server takes."


class ImageTooLarge(AppError):
    status = 413
    code = "image_too_large"
    detail = (
        f"An image may have {IMAGE_BYTES // MIB} MiB and {IMAGE_PIXELS // 1_000_000} megapixels, all frames together."
    )


class QuotaExceeded(AppError):
    status = 413
    code = "file_quota_exceeded"
    detail = "Your files take all the room that you have. Delete some first."


class EmptyFile(AppError):
    status = 400
    code = "empty_file"
    detail = "The file has no bytes."


class FileTypeRefused(AppError):
    status = 415
    code = "file_type_refused"
    detail = "Files of this type are not taken. What counts is the content, and that an image's name is an image's."


class ImageRefused(AppError):
    status = 422
    code = "image_refused"
    detail = "This image cannot be decoded, or not within reasonable time and memory."


class UploadInterrupted(AppError):
    status = 408
    code = "upload_interrupted"
    detail = "The upload stopped halfway. Nothing of it was kept."


class TooManyUploads(Unavailable):
    code = "too_many_uploads"
    detail = "Too many uploads are under way. Try again in a moment."


class NoSuchFile(NotFound):
    code = "no_such_file"
    detail = "There is no such file, or it is not yours to see."


class FileInUse(AppError):
    status = 409
    code = "file_in_use"
    detail = "The file is attached to a message, or somebody's avatar. Delete the message, or choose another avatar."


class NotAnImage(AppError):
    status = 422
    code = "not_an_image"
    detail = "An avatar has to be an image."


class RangeNotSatisfiable(AppError):
    status = 416
    code = "range_not_satisfiable"
    detail = "The file has no bytes in this range."


def footprint(size: int, thumbnail_size: int | None) -> int:
    """What a file counts in its owner's quota, in bytes."""
    return max(SMALLEST_FOOTPRINT, size + (thumbnail_size or 0))
