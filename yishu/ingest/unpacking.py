"""A delivery that comes as a zip archive: the one data file in it, never written to a disk under a name it chose.

What is not one plain data file (paths that lead elsewhere, links, passwords, archives within, several files) is refused by name.
"""

import io
import stat
import zipfile

from yishu.catalogue.delivery_terms import ARCHIVE
from yishu.ingest.parsed import Unreadable

MOST_UNPACKED_BYTES = 2 << 30
MOST_RATIO = 200  # honest text shrinks to a twentieth, hardly ever more
SMALL = 64 << 20  # below, no ratio is dangerous
_ASIDE = ("__MACOSX/", ".DS_Store")
_ENCRYPTED = 0x1


def unpacked(content: bytes) -> bytes:
    """The data file in the archive. Raises Unreadable, in words for the department."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entry = _only_file(packed)
            with packed.open(entry) as stream:  # the stated size may lie: never read beyond it
                data = stream.read(entry.file_size + 1)
            if len(data) != entry.file_size:
                raise Unreadable("压缩包中文件的大小与所写不符，可能已损坏；请重新压缩后报送")
            return data
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        raise Unreadable("不是完整的 zip 压缩包（可能没有传完，或压缩方法不支持）；请重新压缩为普通 zip 后报送") from None
    except Exception as error:  # zlib.error and whatever else a broken stream raises
        raise error if isinstance(error, Unreadable) else Unreadable("压缩包已损坏，无法解压；请重新压缩后报送") from None


def _only_file(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    entries = [entry for entry in packed.infolist() if not entry.is_dir() and not entry.filename.startswith(_ASIDE)]
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if entry.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise Unreadable("压缩包中有指向别处的路径；请只压缩数据文件本身后重新报送")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable("压缩包中有符号链接；请只压缩数据文件本身后重新报送")
    if len(entries) != 1:
        raise Unreadable(f"压缩包中有 {len(entries)} 个文件，应只有一个数据文件；请每批单独压缩后重新报送")
    (entry,) = entries
    if entry.flag_bits & _ENCRYPTED:
        raise Unreadable("压缩包加了密码，无法读取；请去掉密码后重新报送")
    if entry.filename.lower().endswith((ARCHIVE, ".rar", ".7z", ".gz")):
        raise Unreadable("压缩包中还是压缩包；请直接压缩数据文件后重新报送")
    too_dense = entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
    if entry.file_size > MOST_UNPACKED_BYTES or too_dense:
        raise Unreadable(f"压缩包解压后有 {entry.file_size >> 20} MiB，超过上限或与其大小不相称；请核对内容后分批报送")
    return entry
