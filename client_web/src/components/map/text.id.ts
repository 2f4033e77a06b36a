/** Texts of the map, in Indonesian. */
export default {
  'loading': 'Memuat peta…',
  'failed': 'Peta tidak dapat dimuat. Daftar di sini berisi hal yang sama.',
  'again': 'Coba lagi',
  'in': 'Perbesar peta',
  'out': 'Perkecil peta',
  'whole': 'Lihat semua',
  'none': 'Belum ada titik di peta.',
  'none.text': 'Usulan muncul di sini setelah lokasinya diisi.',
  'list': 'Daftar titik di peta',
  'legend': 'Arti tanda',
  'picked': '{n} usulan di tanda yang Anda pilih',
  'all': 'Tampilkan semua',
  'area.none': 'Tanpa kelurahan',
  'metres': '{n} m',
  'kilometres': '{n} km',
} as const;
