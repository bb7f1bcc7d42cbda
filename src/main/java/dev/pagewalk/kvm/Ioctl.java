package dev.pagewalk.kvm;

/**
 * KVM's ioctls by their numbers, and the calls of them. Source: Linux {@code linux/kvm.h}, x86-64.
 */
final class Ioctl {
  static final long GET_API_VERSION = 0xae00;
  static final long CREATE_VM = 0xae01;
  static final long GET_VCPU_MMAP_SIZE = 0xae04;
  static final long GET_SUPPORTED_CPUID = 0xc008_ae05L;
  static final long CREATE_VCPU = 0xae41;
  static final long SET_USER_MEMORY_REGION = 0x4020_ae46L;
  static final long RUN = 0xae80;
  static final long GET_REGS = 0x8090_ae81L;
  static final long SET_REGS = 0x4090_ae82L;
  static final long GET_SREGS = 0x8138_ae83L;
  static final long SET_SREGS = 0x4138_ae84L;
  static final long SET_CPUID2 = 0x4008_ae90L;

  private final Libc libc;
  private final int device;

  /** For the device with that descriptor. */
  Ioctl(Libc libc, int device) {
    this.libc = libc;
    this.device = device;
  }

  Libc libc() {
    return libc;
  }

  /** Calls; returns what KVM returns, which is not negative. */
  int call(int descriptor, long request, long argument) throws KvmException {
    int result = libc.ioctl(descriptor, request, argument);
    while (result < 0 && libc.errno() == Libc.EINTR) {
      result = libc.ioctl(descriptor, request, argument);
    }
    if (result < 0) {
      throw failed(name(request));
    }
    return result;
  }

  /** What is thrown when a call has failed. */
  KvmException failed(String name) {
    return new KvmException("KVM refused " + name + " (errno " + libc.errno() + ")");
  }

  /** Bytes of the page that a virtual processor shares with us. */
  int vcpuMapBytes() throws KvmException {
    return call(device, GET_VCPU_MMAP_SIZE, 0);
  }

  private static String name(long request) {
    return switch ((int) (request & 0xff)) {
      case 0x01 -> "KVM_CREATE_VM";
      case 0x05 -> "KVM_GET_SUPPORTED_CPUID";
      case 0x41 -> "KVM_CREATE_VCPU";
      case 0x46 -> "KVM_SET_USER_MEMORY_REGION";
      case 0x82 -> "KVM_SET_REGS";
      case 0x84 -> "KVM_SET_SREGS";
      case 0x90 -> "KVM_SET_CPUID2";
      default -> "ioctl 0x" + Long.toHexString(request & 0xff);
    };
  }
}
