package dev.pagewalk.kvm;

/** What the guest's code can do: an instruction, and where in the code's page it stands. */
public enum GuestOperation {
  READ_1(0x20, 2),
  READ_2(0x28, 3),
  READ_4(0x30, 2),
  READ_8(0x38, 3),
  WRITE_1(0x40, 2),
  WRITE_2(0x48, 3),
  WRITE_4(0x50, 2),
  WRITE_8(0x58, 3),
  JUMP(0x60, 2),
  INVLPG(0x68, 3),
  INVPCID(0x70, 5),
  MOV_CR0(0x78, 3),
  MOV_CR3(0x80, 3),
  MOV_CR4(0x88, 3),
  WRMSR(0x90, 2),
  WRPKRU(0x98, 3),
  RETURNED(0xa0, 0);

  private final int offset;
  private final int length;

  GuestOperation(int offset, int length) {
    this.offset = offset;
    this.length = length;
  }

  /** Offset in the page. */
  int offset() {
    return offset;
  }

  /** Offset of the HLT behind it. */
  int end() {
    return offset + length;
  }

  /** The read of so many bytes: 1, 2, 4 or 8. */
  public static GuestOperation read(int bytes) {
    return values()[READ_1.ordinal() + Integer.numberOfTrailingZeros(bytes)];
  }

  /** The write of so many bytes: 1, 2, 4 or 8. */
  public static GuestOperation write(int bytes) {
    return values()[WRITE_1.ordinal() + Integer.numberOfTrailingZeros(bytes)];
  }
}
