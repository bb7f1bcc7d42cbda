package dev.pagewalk.mmu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes {@link TranslationPath}s: for each MMU a copy of the class in which the fields are
 * constants.
 *
 * <p>HotSpot takes a static final field for a constant, and a final field of an instance for a
 * variable. The copy has the class's own code, in which each read of a field of the instance has
 * become a read of a static one with the same value. It is a hidden class and is unloaded with its
 * MMU. With {@code -Dpagewalk.mmu.specialise=false} the class is used as it is.
 */
final class Specialiser {
  private static final ClassDesc PATH = describe(TranslationPath.class);
  private static final ClassDesc LOOKUP = describe(Lookup.class);
  private static final ClassDesc HANDLES = describe(MethodHandles.class);
  private static final boolean ON = !"false".equals(System.getProperty("pagewalk.mmu.specialise"));

  /** The fields that become constants, in the order in which class data has their values. */
  private static final List<Field> FIELDS = instanceFields();

  /** Made when first used, so that nothing is where copies are switched off. */
  private static final class Copy {
    static final byte[] BYTES = copy();
  }

  private Specialiser() {}

  /** A path over {@code state}: a copy of its own, unless that is switched off. */
  static Mmu create(MmuState state, Invalidation invalidation, GeneralPath general) {
    TranslationPath plain = new TranslationPath(state, invalidation, general);
    return ON ? specialised(plain, state, invalidation, general) : plain;
  }

  /** A copy of {@code plain} with its fields' values for constants. */
  static Mmu specialised(
      TranslationPath plain, MmuState state, Invalidation invalidation, GeneralPath general) {
    try {
      Lookup own = MethodHandles.lookup();
      List<Object> values = new ArrayList<>();
      for (Field field : FIELDS) {
        values.add(field.get(plain));
      }
      Lookup copy = own.defineHiddenClassWithClassData(Copy.BYTES, values, true);
      MethodType constructor =
          MethodType.methodType(void.class, MmuState.class, Invalidation.class, GeneralPath.class);
      return (Mmu)
          copy.findConstructor(copy.lookupClass(), constructor)
              .invoke(state, invalidation, general);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot make a copy of the translation path", e);
    }
  }

  private static List<Field> instanceFields() {
    List<Field> fields = new ArrayList<>();
    for (Field field : TranslationPath.class.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        field.setAccessible(true);
        fields.add(field);
      }
    }
    return fields;
  }

  private static byte[] copy() {
    try (InputStream in = TranslationPath.class.getResourceAsStream("TranslationPath.class")) {
      ClassFile file = ClassFile.of();
      ClassModel original = file.parse(in.readAllBytes());
      return file.transformClass(original, Specialiser::copyElement);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the class of the translation path", e);
    }
  }

  private static void copyElement(ClassBuilder copy, ClassElement element) {
    if (!(element instanceof MethodModel method)) {
      copy.with(element);
      return;
    }
    switch (method.methodName().stringValue()) {
      // The constructor sets the fields of the instance, which nothing reads any more.
      case ConstantDescs.INIT_NAME -> copy.with(method);
      case ConstantDescs.CLASS_INIT_NAME -> {
        for (Field field : FIELDS) {
          copy.withField(
              constantName(field.getName()),
              describe(field.getType()),
              ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        }
        copy.transformMethod(
            method,
            MethodTransform.transformingCode(
                new CodeTransform() {
                  @Override
                  public void atStart(CodeBuilder code) {
                    setConstants(code);
                  }

                  @Override
                  public void accept(CodeBuilder code, CodeElement instruction) {
                    code.with(instruction);
                  }
                }));
      }
      default ->
          copy.transformMethod(
              method, MethodTransform.transformingCode(Specialiser::readConstants));
    }
  }

  /** Turns {@code this.field} into the constant. */
  private static void readConstants(CodeBuilder code, CodeElement instruction) {
    if (instruction instanceof FieldInstruction read
        && read.opcode() == Opcode.GETFIELD
        && read.owner().asSymbol().equals(PATH)) {
      code.pop();
      code.getstatic(PATH, constantName(read.name().stringValue()), read.typeSymbol());
    } else {
      code.with(instruction);
    }
  }

  /** Sets the constants from the list that is the class data. */
  private static void setConstants(CodeBuilder code) {
    ClassDesc object = ConstantDescs.CD_Object;
    code.invokestatic(HANDLES, "lookup", MethodTypeDesc.of(LOOKUP));
    code.ldc(ConstantDescs.DEFAULT_NAME);
    code.ldc(ConstantDescs.CD_List);
    code.invokestatic(
        HANDLES,
        "classData",
        MethodTypeDesc.of(object, LOOKUP, ConstantDescs.CD_String, ConstantDescs.CD_Class));
    code.checkcast(ConstantDescs.CD_List);
    for (int i = 0; i < FIELDS.size(); i++) {
      ClassDesc type = describe(FIELDS.get(i).getType());
      code.dup();
      code.ldc(i);
      code.invokeinterface(
          ConstantDescs.CD_List, "get", MethodTypeDesc.of(object, ConstantDescs.CD_int));
      unbox(code, type);
      code.putstatic(PATH, constantName(FIELDS.get(i).getName()), type);
    }
    code.pop();
  }

  private static void unbox(CodeBuilder code, ClassDesc type) {
    switch (TypeKind.from(type)) {
      case INT -> unbox(code, ConstantDescs.CD_Integer, "intValue", type);
      case LONG -> unbox(code, ConstantDescs.CD_Long, "longValue", type);
      case BOOLEAN -> unbox(code, ConstantDescs.CD_Boolean, "booleanValue", type);
      case REFERENCE -> code.checkcast(type);
      default -> throw new IllegalStateException("a field of type " + type.displayName());
    }
  }

  private static void unbox(CodeBuilder code, ClassDesc box, String getter, ClassDesc type) {
    code.checkcast(box);
    code.invokevirtual(box, getter, MethodTypeDesc.of(type));
  }

  private static String constantName(String field) {
    return "constant$" + field;
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
